"""One address for each kind of page, by who may see it."""

import re

from tests.browser.village import Village

Kinds = dict[str, str]


def for_anybody(village: Village) -> Kinds:
    """What is read without an account."""
    return _for_seekers(village) | {
        "front": "/",
        "stories": "/stories",
        "experiments": "/experiments",
        "experiments at a stage": "/experiments?stage=stopped",
        "experiment": village.experiment,
        "experiment that stopped": village.stopped,
        "log": f"{village.experiment}/log",
        "experiment that adapts another": village.adapted,
        "lineage": village.adapted.replace("/experiments/", "/lineage/"),
        "lineage of a copy": f"{village.experiment_elsewhere}/lineage",
        "history of an experiment": f"{village.experiment}/history",
        "copy of an experiment": village.experiment_elsewhere,
        "lists of hubs": "/lists",
        "a list of hubs": "/lists/hubs-in-the-north",
        "hubs that are followed": "/network/hubs",
        "stories in a role": "/stories?role=volunteer",
        "story": village.story,
        "history": f"{village.story}/history",
        "copy of a story": village.elsewhere,
        "person": "/people/colm",
        "topic": "/topics/discharge",
        "place": "/places/kelderby",
        "channel of an experiment": f"{village.experiment}/channel",
        "thank-yous": "/thanks",
        "thank-yous to somebody": "/people/colm/thanks",
        "a thank-you": village.thanks,
        "citations": "/citations",
        "learning": "/network/learning",
        "follow": "/follow",
        "sign in": "/sign-in",
        "join": "/join",
        "join by invitation": village.invitation,
        "reset": "/reset",
        "no more letters": village.way_out,
        "about": "/about",
        "rules": "/rules",
        "privacy": "/privacy",
        "accessibility": "/accessibility",
        "contact": "/contact",
        "not there": "/nowhere",
        "patterns": "/patterns",
        "patterns with mistakes": "/patterns?wrong=1",
    }


def _for_seekers(village: Village) -> Kinds:
    """What is looked through, and compared."""
    return _views() | {
        "experiments that look alike": f"{village.adapted}/alike",
        "what looks like a copy": f"{village.experiment_elsewhere}/alike",
        "experiments side by side": village.compared,
        "what looks alike across the hubs": "/network/alike",
        "where nothing looks alike": "/network/alike?text=nowhere",
        "other hubs": "/network",
        "other hubs, by choice": "/network?topic=discharge&kind=story",
        "other hubs, nothing like that": "/network?text=nowhere",
        "search": "/search",
        "search for words": "/search?text=discharge",
    }


def for_people(village: Village) -> Kinds:
    """What Colm sees, signed in."""
    return _for_experimenters(village) | {
        "front, signed in": "/",
        "home": "/home",
        "notifications": "/notifications",
        "own story": village.story,
        "tell": "/tell",
        "drafts": "/drafts",
        "draft": village.draft,
        "go on writing": f"{village.draft}/edit",
        "change a story": f"{village.story}/edit",
        "change its pictures": f"{village.story}/pictures",
        "take a story back": f"{village.story}/delete",
        "where a story went": f"{village.story}/delivery",
        "receipts": f"{village.withdrawn}/delivery",
        "change a reply": f"{village.reply}/edit",
        "thank somebody": "/thanks/new?whom=@ida",
        "thanks to me": "/settings/thanks",
        "own thank-you": village.thanks,
        "reply": village.elsewhere.replace("/elsewhere/", "/posts/") + "/respond",
        "copy, signed in": village.elsewhere,
        "own page": "/people/colm",
        "somebody else": "/people/ida",
        "somebody elsewhere": village.neighbour,
        "nobody elsewhere": "/authorize_interaction?uri=nobody",
        "following": "/home/following",
        "followers": "/home/followers",
        "settings": "/settings",
        "profile": "/settings/profile",
        "e-mail": "/settings/e-mail",
        "confirm an address": "/settings/e-mail/confirm/tag",
        "password": "/settings/password",
        "sessions": "/settings/sessions",
        "report a post": village.elsewhere.replace("/elsewhere/", "/report/posts/"),
        "report somebody": "/report/actors/1",
        "whom I block": "/settings/blocks",
        "move": "/settings/move",
        "close": "/settings/close",
    }


def _views() -> Kinds:
    """What anybody sees of saved views."""
    return {
        "saved views": "/views",
        "saved view": "/views/getting-home",
        "saved view, narrowed": "/views/getting-home?text=nothing",
        "panel of a view": "/views/getting-home/embed",
    }


def _own_views() -> Kinds:
    """What Colm sees of his."""
    return {
        "own view": "/views/getting-home",
        "save a view": "/views/new?stage=working",
        "change a view": "/views/getting-home/edit",
        "letters about a view": "/views/getting-home/letters",
        "delete a view": "/views/getting-home/delete",
    }


def _for_experimenters(village: Village) -> Kinds:
    """What Colm sees of what he tries."""
    return _own_views() | {
        "own experiment": village.experiment,
        "copy of an experiment, signed in": village.experiment_elsewhere,
        "share an experiment": "/try",
        "about a story": f"/try?about={village.story_uri}",
        "draft of an experiment": village.tried,
        "go on with an experiment": f"{village.tried}/edit",
        "change an experiment": f"{village.experiment}/edit",
        "say what happened": f"{village.experiment}/update",
        "change an entry": f"{village.entry}/edit",
        "history of an entry": f"{village.entry}/history",
        "say where it stands": f"{village.experiment}/stage",
        "say that it has ended": f"{village.experiment}/stop",
        "adapt an experiment": f"/adapt?about={village.stopped_uri}",
        "say how it differs": f"{village.adapted}/adaptation",
        "measure something": f"{village.experiment}/measures/new",
        "numbers of a measure": f"{village.experiment}/measures/1",
        "change a measure": f"{village.experiment}/measures/1/edit",
        "numbers from a program": f"{village.experiment}/measures/1/key",
        "take a measure out": f"{village.experiment}/measures/1/delete",
        "correct a number": f"{village.experiment}/measures/1/2026-01-05",
        "write down a round": f"{village.experiment}/rounds/new",
        "go on with a round": f"{village.experiment}/rounds/1",
        "who looks after it": f"{village.experiment}/editors",
        "take an experiment back": f"{village.experiment}/delete",
        "where an experiment went": f"{village.experiment}/delivery",
    }


def for_stewards() -> Kinds:
    """What Ida sees, who looks after the hub."""
    return {
        "desk": "/stewards",
        "who follows the hub": "/stewards/followers",
        "whom the hub follows": "/stewards/following",
        "follow many": "/stewards/subscriptions",
        "a list of many": "/stewards/subscriptions/1",
        "a part of a list": "/stewards/subscriptions/1?part=failed",
        "back catalogues": "/stewards/catalogues",
        "lists of the hub": "/stewards/lists",
        "a list of the hub": "/stewards/lists/hubs-in-the-north",
        "hubs to follow": "/stewards/finding",
        "set aside": "/stewards/aside",
        "deliveries": "/stewards/deliveries",
        "reports": "/stewards/reports",
        "reports decided": "/stewards/reports?state=done",
        "report": "/stewards/reports/1",
        "overdue promises": "/stewards/promises",
        "blocks": "/stewards/blocks",
        "one server": "/stewards/deliveries/to/netherby-row.example",
        "what was lost": "/stewards/deliveries/lost",
        "invitations": "/stewards/invitations",
        "people": "/stewards/people",
        "settings of the hub": "/stewards/settings",
        "words of the hub": "/stewards/settings/words",
    }


def when_empty() -> Kinds:
    """What a steward sees of a hub that has only been set up."""
    return {
        "empty front": "/",
        "empty stories": "/stories",
        "empty experiments": "/experiments",
        "empty home": "/home",
        "no other hubs": "/network",
        "no hubs that are followed": "/network/hubs",
        "no views": "/views",
        "empty notifications": "/notifications",
        "empty drafts": "/drafts",
        "empty person": "/people/ida",
        "empty desk": "/stewards",
        "empty reports": "/stewards/reports",
        "no overdue promises": "/stewards/promises",
        "empty blocks": "/stewards/blocks",
        "nothing given": "/stewards/subscriptions",
        "no lists": "/lists",
        "no lists of the hub": "/stewards/lists",
        "empty deliveries": "/stewards/deliveries",
        "nothing lost": "/stewards/deliveries/lost",
        "no hubs to follow": "/stewards/finding",
        "no back catalogues": "/stewards/catalogues",
        "empty following": "/home/following",
        "empty followers": "/stewards/followers",
    }


NO_PAGE = re.compile(
    r"/(\.well-known|nodeinfo|ns|health|metrics|robots|favicon|static|media|proxy|theme|mark)\b.*"
    r"|/(activities|contexts|quotes|inbox|actor|hub)\b.*|/\{.*|/(responses|updates)/\{ulid\}|/(setup|reset)/.*"
    r"|.*\.atom|.*\.csv|.*\.\{form\}|.*\.feed\.json|.*/(outbox|inbox|featured|likes|shares|replies|adaptations|neighbours|followers_synchronization)"
)
"""The routes that answer machines, lead on, or are looked at by other tests."""
