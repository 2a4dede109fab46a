"""The demonstration: three hubs and a national team's node on one machine, with made-up people.

`script` says what a script is made of; `kelderby`, `low_marsh`, `mossrigg`, `lantern`, `answers`,
`tried` and `celebrated` are the script; `acting` performs it by the use cases; `folder` and
`processes` keep and run it.
"""
