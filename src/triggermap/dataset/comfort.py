"""False comfort: words that a hurried reader takes for permission, and the program never says itself.

One reference body tells nothing of a patient's depths, and a harm that is seldom reported still happens.
What a source says in such words is kept as a quotation (``reported`` in the models), with its source and
with what speaks against it; everything else that users read is held against :data:`PHRASES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HARM = (
    r"(?:harm|injur|punctur|pneumothora|complication|adverse|damage|palsy|perforat|haematoma|side[ -]effect)\w*"
)
_AT_RISK = (
    r"(?:lungs?|pleurae?|pleural|nerves?|arter(?:y|ies)|veins?|vessels?|kidneys?|spinal cord|canal|bowel|bladder"
    r"|heart|organs?|puncture|pneumothorax|needles?)"
)
_BONE = r"(?:ribs?|bones?|scapulae?|(?:shoulder )?blades?|sternum|breastbone|laminae?|fascia|aponeurosis)"
_HURT = r"(?:pierced|punctured|hit|injured|harmed|damaged)"
_MET = r"(?:pierced|punctured|hit|touched|met|struck|injured|harmed|reached|entered|damaged)"
_RARE = r"(?<!not )\b(?:rare(?:ly|r|st)?|seldom|unlikely|improbable|uncommon(?:ly)?|hardly ever|exceptional(?:ly)?)\b"
_NUMBER = r"\d+(?:[.,]\d+)?"
_LENGTH = rf"{_NUMBER}[ -]?(?:mm|cm|millimet\w+|centimet\w+|inch(?:es)?)\b"


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
    hint: str
    contrary: bool = True
    measure: bool = False
    hazards_only: bool = False


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_OUTCOME = "Say what was done, in how many, and what happened"
_OTHERS = "If a source says so, write whose words it is under 'reported:', with its source"

PHRASES = (
    Phrase(
        "safe",
        _any(r"(?<!no )\bsafe(?:r|st|ly)?\b", r"\bfool-?proof\b", r"\bsafety margin\b", r"\bsafe-zone\b"),
        "promises safety",
        f"{_OUTCOME}. {_OTHERS}",
    ),
    Phrase(
        "little risk",
        _any(
            r"(?<!not )\b(?:no|low|lower|lowest|little|minimal|negligible|small|slight|zero|without(?: any)?)"
            r"(?: [a-z]+)?[ -]risks?\b(?!-| of bias| factor)",
            r"\brisk[- ]free\b",
            r"\brisks?\b[^.;]{0,30} (?:is|are|was|were|remains?) (?:\w+ )?(?:low|small|minimal|negligible|slight)\b",
            r"\bnot (?:at risk|a risk|risky|dangerous|hazardous)\b",
            r"\b(?:no|little|without(?: any)?|free of|out of) (?:real )?danger\b(?! zone)",
            r"\b(?:reduc|lower|minimi[sz]|eliminat|avoid|prevent|exclud)\w* (?:the |any |all |this |that )?"
            r"(?:risk|chance|danger)s?\b",
        ),
        "talks a risk small",
        f"Give events and occasions, or leave it out. {_OTHERS}",
    ),
    Phrase(
        "harmless",
        _any(
            r"\b(?:harmless|innocuous|well[- ]tolerated|reassuring(?:ly)?)\b",
            r"\bbenign\b(?! (?:paroxysmal|tumour|prostat))",
            r"\bno (?:need|reason) to (?:worry|fear)\b",
            r"\bno cause for (?:concern|alarm|worry)\b",
            r"\b(?:nothing to|need not|needn't|don't|do not) (?:worry|fear)\b",
            r"\b(?:minimal|little|no) discomfort\b",
            r"\bpainless(?:ly)? (?:needl|inject|treatment|procedure|technique)",
            r"\bacceptabl[ey]\b",
            r"\bno (?:special )?(?:precautions?|care) (?:is|are)? ?(?:needed|necessary|required)\b",
        ),
        "takes away a caution",
        f"Leave it out. {_OTHERS}",
    ),
    Phrase(
        "cannot happen",
        _any(
            rf"\b(?:cannot|can't|can not|will not|won't|could not|impossible to) (?:be )?(?:easily )?{_HURT}\b",
            rf"\b(?:needle|tip|it)s? (?:cannot|can't|will not|won't|could not) (?:injure|harm|damage|puncture|pierce"
            rf"|hit|touch|strike|reach|enter|meet)\b",
            rf"\b{_AT_RISK} (?:\w+ )?(?:out of|beyond) (?:\w+ )?reach\b",
        ),
        "says that a harm can't happen",
        f"{_OUTCOME}. {_OTHERS}",
    ),
    Phrase(
        "rare harm",
        _any(rf"{_RARE}(?=[^.;]*\b{_HARM})", rf"\b{_HARM}[^.;]*?{_RARE}"),
        "calls a harm rare",
        f"Give events and occasions, or leave it out. {_OTHERS}",
    ),
    Phrase(
        "rare hazard",
        _any(_RARE),
        "calls a hazard rare",
        f"Give events and occasions, or leave it out. {_OTHERS}",
        hazards_only=True,
    ),
    Phrase(
        "small rate",
        _any(rf"\b(?:under|less than|below|fewer than|at most) (?:{_NUMBER} in \d|0[.,]\d+ ?%)"),
        "calls a harm rare",
        f"Give events and occasions, or leave it out. {_OTHERS}",
        hazards_only=True,
    ),
    Phrase(
        "protection",
        _any(
            rf"\b(?:(?:protect|shield|guard|safeguard)(?:s|ed|ing)|(?:to|can|will|may) (?:protect|shield|guard))\b[^.;]{{0,40}}"
            rf"\b{_AT_RISK}",
            rf"\b{_AT_RISK} (?:\w+ ){{0,3}}(?:protected|shielded|guarded)\b",
            rf"\bspare[sd]? (?:the |its |all )?{_AT_RISK}",
            rf"\b{_BONE} (?:\w+ )?(?:stops?|blocks?|protects?|shields?)\b",
            rf"\b(?:keeps|kept|holds|held|(?:will|can|to) keep) (?:the |a )?needle(?:s|'s tip)? (?:from|out of|off|away from) (?:the |a )?{_AT_RISK}",
            r"\bback-?stop\b",
            rf"\b(?:barrier|protection|shield) (?:against|from|for|to)\b",
        ),
        "trusts a bone or a layer to stop a needle",
        f"Say what was met beyond it: ribs are missed, and bones have holes. {_OTHERS}",
    ),
    Phrase(
        "bracketing",
        _any(
            r"\b(?:asks?|calls?|advis\w+|recommend\w*|requir\w+|us(?:e|es|ing)) (?:for |that )?(?:\w+ ){0,4}?bracket\w*",
            r"\bbrackets? (?:the|a|against)\b",
        ),
        "may be read as a way to keep the needle from the lung",
        f"Leave it out, or report it with the pneumothorax that came about in spite of it. {_OTHERS}",
    ),
    Phrase(
        "no harm seen",
        _any(
            rf"\b(?:nothing|none|no (?:nerves?|arter\w+|vessels?|lungs?|pleurae?|structures?|organs?)) (?:was|were) {_MET}\b",
            rf"\bnever (?:been )?{_MET}\b",
            rf"\b(?:was|were|been) not {_MET}\b",
            r"\bno (?:significant |serious |major |acute |severe |lasting |other )*(?:adverse (?:events?|effects?)|event|harm"
            r"|injur(?:y|ies)|complications?|danger zones?|punctures?|pneumothora\w+)\b(?! was found (?:reported|on record))",
            r"\bwithout (?:any |further |serious )?(?:harm|complications?|incident|(?:an |significant |adverse )+(?:events?|effects?)|puncture)\b",
        ),
        "tells of no harm, and may be taken for none to come",
        f"Say in how many it was looked for. {_OTHERS}",
        contrary=False,
        measure=True,
    ),
    Phrase(
        "needle length",
        _any(
            rf"\b{_LENGTH}(?:[ -]long)?[ -](?:\w+ )?needles?\b",
            rf"\bneedles?(?: \w+){{0,6}}? {_NUMBER}(?:(?:,| to| and| or| by| x|-|–) ?{_NUMBER})* ?(?:mm|cm)\b(?! (?:from|below|above|lateral|medial|beside|under))",
            r"(?<!no )\bneedle lengths?\b",
            r"(?<!no )\blengths? of (?:the |a )?needles?\b",
            r"\b(?:short|shorter|shortest|long enough|longer) needles?\b",
        ),
        "may be read as a needle to choose",
        f"Leave it out. {_OTHERS}",
        contrary=False,
        measure=True,
    ),
    Phrase(
        "depth",
        _any(
            rf"\b{_LENGTH}[^.;]{{0,20}}\bdeep\b",
            rf"\b{_LENGTH} (?:below|under|beneath|from|of) (?:the )?(?:[\w-]+ )?skin\b",
            rf"(?<!no safe )\b(?:depths?|deeper|insert(?:ed|ion|ions|ing)?|advanced?|skin (?:to|and))\b[^.;]{{0,40}}?\b{_LENGTH}(?! (?:above|lateral|medial|beside))",
            rf"\b(?:at most|(?:no|not) (?:deeper|more|farther|further|longer) than|less than|under|maximum(?: of)?) (?:about )?{_LENGTH}(?! (?:above|lateral|medial|beside))",
            rf"\b(?:lung|pleura|apex|kidney|heart)\b[^.;]{{0,80}}?\b{_LENGTH}(?! (?:above|below the (?:back|rib)|beside))",
        ),
        "may be read as a depth to use",
        f"Leave it out: no figure is true of a given patient. {_OTHERS}",
        contrary=False,
        measure=True,
    ),
    Phrase(
        "margin",
        _any(
            rf"\b(?:needle tip|(?:the|its) tip (?:\w+ )?(?:was|stopped|ended|stayed|came))\b[^.;]{{0,60}}?{_LENGTH}",
            rf"\b{_LENGTH}[^.;]{{0,40}}\b(?:from|of) the (?:needle(?:'s)? )?tip\b(?! of)",
        ),
        "may be read as room to spare",
        f"Leave it out: no figure is true of a given patient. {_OTHERS}",
        contrary=False,
        measure=True,
    ),
)  # fmt: skip

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


def says_in_whom(text: str) -> bool:
    """Tell whether a text names the population of a finding."""
    return _WHOM.search(text) is not None
