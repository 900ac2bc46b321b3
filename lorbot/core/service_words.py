"""What is known of a service, in words for the applicant and for whoever runs lorbot."""

from collections.abc import Mapping
from datetime import date, datetime

from lorbot.core.service import DAYS, Counts, Dates, Formats, Reuse, Rule, Sender, Service, Wanted
from lorbot.core.services import forms_for, wanted_for
from lorbot.core.value import Line

GOOD_FORM = ("letterhead", "the date", "your signature", "my full name")
"""What any letter should carry, where a service says nothing of its own."""

SENDER: Mapping[Sender, Line] = {
    Sender.UNKNOWN: "",
    Sender.SERVICE: "{title} writes to your mentors itself, once you have entered them there",
    Sender.APPLICANT: "you hand your mentors the request; {title} does not write to them",
    Sender.EITHER: "you make the request there, and your mentors get it by e-mail or from you",
    Sender.INSTITUTION: "your institution chooses and asks the reviewers; please do not ask them yourself",
}

RULE: Mapping[Rule, Line] = {
    Rule.UNKNOWN: "",
    Rule.LETTERS: "the letters themselves have a deadline",
    Rule.SUBMIT: "the application must be sent by its deadline; letters may follow",
    Rule.COMPLETE: "the application and its letters must have arrived by the deadline",
    Rule.VERIFIED: "the application and its letters must have arrived and been verified by the deadline",
    Rule.PROGRAMME: "each program sets its own deadline, and what must have happened by then",
    Rule.VISIBLE: "programs begin to read on one day; letters should be there by then",
}

DAY_WORDS: Mapping[str, Line] = {
    "opens": "opens",
    "submit_from": "applications from",
    "visible_from": "programs see them from",
    "advised_by": "schools advise writers to be done by",
    "letters_by": "letters by",
    "ends": "ends",
}


def counted(counts: Counts) -> list[str]:
    """How many letters, a statement each."""
    said = [_span(counts)]
    if counts.unlimited:
        said.append("no limit to how many")
    if counts.most_per_programme is not None:
        said.append(f"at most {counts.most_per_programme} for each program")
    if counts.typical:
        said.append(f"usually {span(counts.typical)}")
    if counts.complete_with is not None:
        said.append(f"complete with {counts.complete_with}")
    if counts.committee_counts_as is not None:
        said.append(f"a committee letter or packet counts as {counts.committee_counts_as}")
    return [part for part in said if part]


def span(given: tuple[int, int]) -> str:
    """ "3", "3 or 4", "3 to 6"."""
    least, most = given
    return str(least) if least == most else f"{least} {'or' if most == least + 1 else 'to'} {most}"


def _span(counts: Counts) -> str:
    if counts.most is None:
        return f"at least {counts.least}" if counts.least else "none needed" if counts.least == 0 else ""
    if counts.least == counts.most:
        return f"exactly {counts.most}"
    return f"{counts.least} to {counts.most}" if counts.least else f"at most {counts.most}"


def wanted_words(wanted: Wanted) -> str:
    """The rule about one type of letter."""
    said = wanted.words or f"{wanted.least} of type {wanted.type.value}"
    return f"{said} (required)" if wanted.required else said


def formats_said(formats: Formats) -> list[str]:
    """What a file must be."""
    allowed = {True: "", False: "no "}
    return [
        part
        for part in (
            formats.type,
            f"at most {formats.most_mb:g} MB" if formats.most_mb else "",
            formats.paper,
            "" if formats.encryption_allowed is None else f"{allowed[formats.encryption_allowed]}encryption",
            "" if formats.digital_signature_allowed is None
            else f"{allowed[formats.digital_signature_allowed]}digital signature",
            f"a name {formats.file_name}" if formats.file_name else "",
        )
        if part
    ]  # fmt: skip


def reuse_said(reuse: Reuse) -> list[str]:
    """What may be done with a letter that exists, a statement each; the service's own words last."""
    said = {
        "stored_allowed": ("a stored letter is taken", "a stored letter is not allowed"),
        "tailored_allowed": ("a letter may differ by program", "the same letter goes everywhere"),
        "removable": ("a letter can be removed", "a letter that has arrived cannot be removed"),
        "next_cycle": ("letters can be used again in the next cycle", "letters cannot be used again in the next cycle"),
    }
    answers = ((getattr(reuse, key), yes, no) for key, (yes, no) in said.items())
    return [*(yes if answer else no for answer, yes, no in answers if answer is not None), *reuse.words]


def season(dates: Dates) -> list[str]:
    """The days of one cycle in order, then what the source says without a day."""
    said = [f"{DAY_WORDS[key]} {_day(getattr(dates, key))}" for key in DAYS if getattr(dates, key)]
    return [*said, *([dates.words] if dates.words else [])]


def _day(text: str) -> str:
    day = date.fromisoformat(text[:10])
    said = f"{day.day} {day:%b %Y}"
    return f"{said}, {datetime.fromisoformat(text):%H:%M}" if "T" in text else said


def _beside_a_letter(service: Service, *specialty: str) -> bool:
    """Whether there is a form that can go together with a letter."""
    return any(not (f.built_in or f.replaces_narrative) for f in forms_for(service, *specialty))


def rules(service: Service, *specialty: str) -> dict[str, object]:
    """What a service wants, for the specialty that is named: plain values for a template."""
    forms = [
        {"name": f.name, "specialty": f.specialty, "built_in": f.built_in,
         "replaces_narrative": bool(f.replaces_narrative), "required": bool(f.required),
         "words": list(f.words), "url": f.url}
        for f in forms_for(service, *specialty)
    ]  # fmt: skip
    return {
        "title": service.title,
        "wanted": [wanted_words(w) for w in wanted_for(service, *specialty)],
        "sender": service.sender.value,
        "sender_words": SENDER[service.sender].format(title=service.title),
        "reminds_writers": service.reminds_writers,
        "rule": service.rule.value,
        "rule_words": RULE[service.rule],
        "forms": forms,
        "form_only": service.form_only,
        "form_rule": service.form_rule if _beside_a_letter(service, *specialty) else "",
        "salutation": service.salutation,
        "signature": service.signature,
        "waiver_scope": service.waiver,
        "access": service.access,
        "uploaders": service.uploaders,
        "reuse": reuse_said(service.reuse),
        "remark": service.remark,
        "unknown": list(service.unknown),
    }
