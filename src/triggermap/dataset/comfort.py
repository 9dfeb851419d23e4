"""False comfort: words that a hurried reader takes for permission, and the program never says itself.

One reference body tells nothing of a patient's depths, and a harm that is seldom reported still happens.
What a source says in such words is kept as a quotation (``reported`` in the models), with its source and
with what speaks against it; everything else that users read is held against :data:`PHRASES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Words that the patterns are put together from.
_HARM = (
    r"(?:harm|injur|punctur|pneumothora|complication|adverse|damage|palsy|perforat|haematoma"
    r"|side[ -]effect)\w*"
)
_AT_RISK = (
    r"(?:lungs?|pleurae?|pleural|nerves?|arter(?:y|ies)|veins?|vessels?|kidneys?|spinal cord|canal|bowel"
    r"|bladder|heart|organs?|puncture|pneumothorax|needles?)"
)
_BONE = r"(?:ribs?|bones?|scapulae?|(?:shoulder )?blades?|sternum|breastbone|laminae?|fascia|aponeurosis)"
_HURT = r"(?:pierced|punctured|hit|injured|harmed|damaged)"
_MET = rf"(?:{_HURT}|touched|met|struck|reached|entered)"
_RARE = (
    r"(?<!not )\b(?:rare(?:ly|r|st)?|seldom|unlikely|improbable|uncommon(?:ly)?|hardly ever"
    r"|exceptional(?:ly)?)"
)
_LITTLE = r"(?:no|low|lower|lowest|little|minimal|negligible|small|slight|zero|without(?: any)?)"
_CANNOT = r"(?:cannot|can't|can not|will not|won't|could not)"
_NUMBER = r"\d+(?:[.,]\d+)?"
_LENGTH = rf"{_NUMBER}[ -]?(?:mm|cm|millimet\w+|centimet\w+|inch(?:es)?)"
_NOT_ON_THE_SKIN = r"(?! (?:from|above|lateral|medial|beside|below the (?:back|rib|crest)))"
"""A length along the surface is how a site is described; it is no depth."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must not be ours: why, and what to write instead.

    ``contrary``: reported, it needs what speaks against it beside it. ``measure``: reported from a study,
    it names in whom it was measured. ``hazards_only``: looked for where hazards are told, since elsewhere
    the same words say something else (pain that is rarely felt).
    """

    name: str
    pattern: re.Pattern[str]
    why: str
    instead: str
    contrary: bool = True
    measure: bool = False
    hazards_only: bool = False


def _any(*patterns: str) -> re.Pattern[str]:
    """One of the patterns, at the bounds of words, in capitals or not."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


_OUTCOME = "Say what was done, in how many, and what happened"
_EVENTS = "Give events and occasions, or leave it out"
_OTHERS = "If a source says so, write whose words it is under 'reported:', with its source"

PHRASES = (
    Phrase(
        "safe",
        _any(r"(?<!no )safe(?:r|st|ly)?", "fool-?proof", "safety margin"),
        "promises safety",
        _OUTCOME,
    ),
    Phrase(
        "little risk",
        _any(
            rf"(?<!not ){_LITTLE}(?: [a-z]+)?[ -]risks?(?!-| of bias| factor)",
            "risk[- ]free",
            r"risks?\b[^.;]{0,30} (?:is|are|was|were|remains?) (?:\w+ )?"
            "(?:low|small|minimal|negligible|slight)",
            "not (?:at risk|a risk|risky|dangerous|hazardous)",
            r"(?:no|little|without(?: any)?|free of|out of) (?:real )?danger(?! zone)",
            r"(?:reduc|lower|minimi[sz]|eliminat|avoid|prevent|exclud)\w* (?:(?:the|any|all|this|that) )?"
            "(?:risk|chance|danger)s?",
        ),
        "talks a risk small",
        _EVENTS,
    ),
    Phrase(
        "harmless",
        _any(
            "harmless|innocuous|well[- ]tolerated|reassuring(?:ly)?|acceptabl[ey]",
            "benign(?! (?:paroxysmal|tumour|prostat))",
            "no (?:need|reason) to (?:worry|fear)",
            "no cause for (?:concern|alarm|worry)",
            "(?:nothing to|need not|needn't|don't|do not) (?:worry|fear)",
            "(?:minimal|little|no) discomfort",
            r"painless(?:ly)? (?:needl\w+|inject\w+|treatment|procedure|technique)",
            "no (?:special )?(?:precautions?|care) (?:is |are )?(?:needed|necessary|required)",
        ),
        "takes away a caution",
        "Leave it out",
    ),
    Phrase(
        "cannot happen",
        _any(
            rf"(?:{_CANNOT}|impossible to) (?:be )?(?:easily )?{_HURT}",
            rf"(?:needle|tip|it)s? {_CANNOT} "
            "(?:injure|harm|damage|puncture|pierce|hit|touch|strike|reach|enter|meet)",
            rf"{_AT_RISK} (?:\w+ )?(?:out of|beyond) (?:\w+ )?reach",
        ),
        "says that a harm can't happen",
        _OUTCOME,
    ),
    Phrase(
        "clear way",
        _any(
            rf"(?:clear|free|far|well away) (?:of|from) (?:the |all |any )?{_AT_RISK}",
            r"nothing (?:\w+ )?(?:is |lies |stands )?(?:in|on) the way",
            r"no (?:lung|pleura|nerve|vessel|arter(?:y|ies)|organ|hazard)s? "
            "(?:here|below|nearby|near|at risk|(?:in|on) the way|(?:is|are|lies?) (?:here|near|there))",
        ),
        "tells of a clear way: the model lacks nerves and vessels, and anatomy varies",
        "Say what is met; for what isn't, NO_HAZARD of dossier.py",
    ),
    Phrase(
        "rare harm",
        _any(rf"{_RARE}\b(?=[^.;]*\b{_HARM})", rf"{_HARM}[^.;]*?{_RARE}"),
        "calls a harm rare",
        _EVENTS,
    ),
    Phrase(
        "rare hazard",
        _any(_RARE),
        "calls a hazard rare",
        _EVENTS,
        hazards_only=True,
    ),
    Phrase(
        "small rate",
        _any(rf"(?:under|less than|below|fewer than|at most) {_NUMBER}(?: in \d+|(?= ?%))"),
        "calls a harm rare",
        _EVENTS,
        hazards_only=True,
    ),
    Phrase(
        "protection",
        _any(
            "(?:(?:protect|shield|guard|safeguard)(?:s|ed|ing)|(?:to|can|will|may) (?:protect|shield|guard))"
            rf"\b[^.;]{{0,40}}\b{_AT_RISK}",
            rf"{_AT_RISK} (?:\w+ ){{0,3}}(?:protected|shielded|guarded)",
            rf"spare[sd]? (?:the |its |all )?{_AT_RISK}",
            rf"{_BONE} (?:\w+ )?(?:stops?|blocks?|protects?|shields?)",
            r"(?:keeps|kept|holds|held|(?:will|can|to) keep) (?:the |a )?needles? "
            rf"(?:from|out of|off|away from) (?:the |a )?{_AT_RISK}",
            "back-?stop",
            "(?:barrier|protection|shield) (?:against|from|for|to)",
        ),
        "trusts a bone or a layer to stop a needle",
        "Say what was met beyond it: ribs are missed, and bones have holes",
    ),
    Phrase(
        "bracketing",
        _any(
            r"(?:asks?|calls?|advis\w+|recommend\w*|requir\w+|us(?:e|es|ing)) (?:(?:for|that) )?"
            r"(?:\w+ ){0,4}?bracket\w*",
            "brackets? (?:the|a|against)",
        ),
        "may be read as a way to keep the needle from the lung",
        "Leave it out, or report it with the pneumothorax that came about in spite of it",
    ),
    Phrase(
        "no harm seen",
        _any(
            r"(?:nothing|none|no (?:nerves?|arter\w+|vessels?|lungs?|pleurae?|structures?|organs?)) "
            f"(?:was|were) {_MET}",
            f"never (?:been )?{_MET}",
            f"(?:was|were|been) not {_MET}",
            r"no (?:(?:significant|serious|major|acute|severe|lasting|other) )*"
            r"(?:adverse (?:events?|effects?)|event|harm|injur(?:y|ies)|complications?|danger zones?"
            r"|punctures?|pneumothora\w+)\b(?! notes?\b| was found (?:reported|on record))",
            "without (?:any |further |serious )?"
            "(?:harm|complications?|incident|puncture|(?:an |significant |adverse )+(?:events?|effects?))",
        ),
        "tells of no harm, and may be taken for none to come",
        "Say in how many it was looked for",
        contrary=False,
        measure=True,
    ),
    Phrase(
        "needle length",
        _any(
            rf"{_LENGTH}(?:[ -]long)?[ -](?:\w+ )?needles?",
            rf"needles?(?: \w+){{0,6}}? {_NUMBER}(?:(?:,| to| and| or| by| x|-) ?{_NUMBER})* ?(?:mm|cm)\b"
            r"(?! (?:from|below|above|lateral|medial|beside|under))",
            "(?<!no )needle lengths?",
            "(?<!no )lengths? of (?:the |a )?needles?",
            "(?:short|shorter|shortest|long enough|longer) needles?",
        ),
        "may be read as a needle to choose",
        "Leave it out",
        contrary=False,
        measure=True,
    ),
    Phrase(
        "depth",
        _any(
            rf"{_LENGTH}\b[^.;]{{0,20}}\bdeep",
            rf"{_LENGTH} (?:below|under|beneath|from|of) (?:the )?(?:[\w-]+ )?skin",
            r"(?:depths?|deeper|insert(?:ed|ion|ions|ing)?|advanced?|skin (?:to|and))\b[^.;]{0,40}?\b"
            rf"{_LENGTH}\b{_NOT_ON_THE_SKIN}",
            "(?:at most|(?:no|not) (?:deeper|more|farther|further|longer) than|less than|under|maximum)"
            rf" (?:(?:of|about) )?{_LENGTH}\b{_NOT_ON_THE_SKIN}",
            rf"(?:lung|pleura|apex|kidney|heart)\b[^.;]{{0,80}}?\b{_LENGTH}\b{_NOT_ON_THE_SKIN}",
        ),
        "may be read as a depth to use",
        "Leave it out: no figure is true of a given patient",
        contrary=False,
        measure=True,
    ),
    Phrase(
        "margin",
        _any(
            r"(?:needle tip|(?:the|its) tip (?:\w+ )?(?:was|stopped|ended|stayed|came))\b[^.;]{0,60}?"
            f"{_LENGTH}",
            rf"{_LENGTH}\b[^.;]{{0,40}}\b(?:from|of) the (?:needle(?:'s)? )?tip\b(?! of)",
        ),
        "may be read as room to spare",
        "Leave it out: no figure is true of a given patient",
        contrary=False,
        measure=True,
    ),
)

# In whom something was measured: "in 15 cadavers", "ten cadaver forearms", "a woman of 24".
_WHOM = re.compile(
    r"\b(?:\d[\d,]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|thirty-nine|fresh|all)\b[^.;:]{0,40}?"
    r"\b(?:people|persons?|patients?|adults?|men|m[ae]n|women|woman|volunteers|physiotherapists|cadavers?|specimens?"
    r"|bodies|hips|limbs|legs|forearms|arms|muscles|sides|treatments|studies|sessions|needles)\b",
    re.IGNORECASE,
)


def comforts(text: str, *, hazards: bool = False) -> Iterator[tuple[Phrase, str]]:
    """Each phrase that is found in a text, with its words; ``hazards`` where the text tells of hazards."""
    for phrase in PHRASES:
        if hazards or not phrase.hazards_only:
            match = phrase.pattern.search(text)
            if match:
                yield phrase, match[0]


def hint(phrase: Phrase) -> str:
    """What to write instead, for whoever wrote the phrase."""
    return f"{phrase.instead}. {_OTHERS}"


def says_in_whom(text: str) -> bool:
    """Tell whether a text names the population of a finding."""
    return _WHOM.search(text) is not None
