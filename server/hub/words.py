"""What the hub's pages say as long as nobody has changed them. Pure.

Every sentence has to be true of a hub that was just set up: change it together with what it speaks
of.
"""

import re
from dataclasses import dataclass

from server.hub.rules import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the words speak of."""

    name: str
    host: str
    handle: str
    contact: str
    """An e-mail address, or empty."""


ABOUT = """\
{name} is a place to tell stories of care, and to share what people are trying to make it \
better. Anybody may read. Those who have an account may write.

## What it is for

- **Solutions, not complaints.** A story says what happened. It can also say what people tried, \
and what might help.
- **Everybody is a citizen.** There is one kind of account. Whether you were the patient, a \
relative or at work is part of your story, and never a rank.
- **Nobody has to give permission.** Those who look after this hub ask whether something is safe \
and lawful, not whether they like it.

## It is one of many

This hub stands on its own. It can follow other hubs, and others can follow it, without anybody \
being in charge of them all. You can follow it from Mastodon and places like it, \
with this handle: **{handle}**

It runs on Fettle, which is free for anybody to use. To *fettle* something is to mend it and put \
it in good order.
"""

PRIVACY = """\
This page says what {name} ({host}) keeps about you, why, and for how long. It comes with the \
software and is true of it as it was set up. Those who look after the hub can change these \
words, and should add who they are.

## If you only read

We don't ask who you are. No page loads anything from anywhere else, and nobody counts your \
visits. There is no advertising.

The server writes a short log of some requests, so that faults can be found: the time, which \
kind of page it was, and how long it took. To protect the hub, tries are counted by where they \
come from: in memory, and for signing in or joining as a mark that nobody can read an address \
from, for an hour at most. Other software on the same machine may write logs of its own.

## Cookies

There are three, all our own, and none of them follows you anywhere:

- one that holds you signed in. It ends when you sign out, after 30 days without a visit, or \
after 180 days;
- one that proves that a form you send came from our own page. It is gone when you close the \
browser;
- one that carries a single sentence, like “Thank you”, to the next page. It lasts two minutes \
at most.

The hub doesn't work without them, so there is nothing to agree to.

## If you have an account

We keep:

- your name here, and whatever you write on your profile, for anybody to read;
- your e-mail address, if you give one. Only those who run the hub could look it up. It is used \
to send you what you asked for and links for a new password, and for nothing else;
- your password, scrambled in a way that nobody can turn back;
- for each browser you are signed in with: its kind (“Firefox on Android”), when it was last \
used, and roughly where in the internet it was, so that you can notice a stranger. You can see \
and end these in your settings;
- what you publish, and the earlier versions of it where you change it;
- whom you follow and who follows you, what you thank, and your notifications, which are dropped \
after half a year.

When you close your account, your e-mail address, password, sessions and notifications are \
erased at once. Your name is kept, so that nobody else can ever pass for you. Stories that you \
have not withdrawn stay; withdraw them first if you don't want that.

## What goes to other places

Whatever is public here can be read by anybody and is sent to the servers of those who follow \
you or this hub. **Copies may stay there.** When you change or withdraw something, we tell every \
server that we sent it to, and well-behaved ones follow. We can't make them.

What you publish for followers only, or for single people, is sent to their servers and nowhere \
else, but whoever runs those servers could read it. It isn't encrypted from one person to \
another. So please put nothing here that would do harm if it came out.

When you look at something from another server, its pictures are fetched by us and not by you, \
so that server doesn't learn who you are.

## Who can see what

Those who run this server could read everything that is stored on it, drafts and private \
messages too. They have promised not to, except where law or somebody's safety asks for it.

## Your rights

You may ask what is kept about you, have it mended, or have it erased. {reach} In the United \
Kingdom you may also complain to the Information Commissioner's Office (ico.org.uk).
"""

RULES = """\
These come with the software. Those who look after the hub may change them.

## Please

- **Tell your own story.** If it is about somebody else, ask them first, or leave out whatever \
they could be known by.
- **Use a job, not a name**, when you speak of somebody at work.
- **Leave out what points to a person**: numbers, addresses, dates of birth, exact days.
- **Say what might help.** It is fine not to know.
- **Be as kind as you are honest.** Anger about what happened has its place. Contempt for people \
has not.
- **Say what interest you have**, if you gain from what you recommend.

## Not here

- hatred, threats or harassment
- private facts about somebody else
- advertising
- medical advice given as if you knew the person
- anything that is against the law

## What happens then

Those who look after this hub may take down what is unsafe or unlawful and close an account that \
keeps on doing it. They don't take things down because they dislike them, or because they make \
somebody look bad.

{reach}
"""

ACCESSIBILITY = """\
We want everybody to be able to read and write here. This page says where that stands. It comes \
with the software; those who look after the hub can add what they know.

## What you can expect

- Every page works without JavaScript and with the keyboard alone.
- Text can be made twice as large, and pages can be read on a screen 320 pixels wide, without \
scrolling sideways.
- Pages have headings, landmarks and a link that skips to the main part. Every field has a \
label, and mistakes are listed at the top with links to where they are.
- Nothing is said by colour alone. The hub's colours are checked for contrast when they are \
chosen.
- Pages follow your device's settings for dark or light and for less movement.
- Pictures that people put up here have to come with a description in words.

## How it was checked

The software's developers check each kind of page with an automatic tool (axe) in a real \
browser, and by keyboard. Automatic checks find only some of what can be wrong. **No independent \
expert has audited this hub, and it was not yet tried out with enough people who use screen \
readers or other aids.** So we don't claim that it meets a standard. What we aim for is WCAG \
2.2, level AA.

## What we know is not good enough

- Pictures from other servers may come without a description, or with a poor one.
- What people write can be hard to read, in a language that isn't marked, or use symbols that \
are read out oddly.
- The pages are in English only.

## Tell us

{reach} Say which page it was and what you were trying to do. We want to know.
"""

CONTACT = """\
{contact_line}

Nobody watches this hub through the night. If somebody is in danger, call the emergency services.

## If it is about care

This hub isn't a surgery, a hospital or a council, and nobody here can look at your records. For \
your own care, ask the people who look after you. To make a formal complaint, ask the \
organisation itself: it has to tell you how.
"""

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_PAGES = {
    Page.ABOUT: ABOUT,
    Page.PRIVACY: PRIVACY,
    Page.RULES: RULES,
    Page.ACCESSIBILITY: ACCESSIBILITY,
    Page.CONTACT: CONTACT,
}


def usual(page: Page, facts: Facts) -> str:
    """Return a page's Markdown as it comes with Fettle."""
    name, contact = _plain(facts.name), _plain(facts.contact)
    reach = f"at {contact}" if contact else "through its contact page"
    contact_line = (
        f"Write to those who look after {name} at {contact}."
        if contact
        else f"Those who look after {name} have not yet said how to reach them by e-mail. "
        f"You can send a message to {facts.handle} from an account here or on another server."
    )
    text = _PAGES[page].format(
        name=name, host=facts.host, handle=facts.handle,
        reach=f"You can reach those who look after this hub {reach}.",
        contact_line=contact_line,
    )  # fmt: skip
    return _APOSTROPHE.sub("\u2019", text)


def _plain(name: str) -> str:
    """Return the name so that Markdown leaves it as it is."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]<>()#+-.!|~&" else sign for sign in name)
