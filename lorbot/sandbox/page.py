"""The whole correspondence as one HTML page: opens from disk, needs no network, light and dark."""

from collections.abc import Sequence
from html import escape

from lorbot.sandbox.endings import Judgement
from lorbot.sandbox.telling import Line

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2430; --soft: #5c6675; --paper: #fbfaf7; --card: #fff; --line: #e3e0d8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e6e1; --soft: #a3a9b3; --paper: #16181c; --card: #1f2228; --line: #33373f; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 Georgia, "Iowan Old Style", serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .4rem; }
h2 { font: 600 .8rem/1 system-ui, sans-serif; letter-spacing: .06em; text-transform: uppercase; color: var(--soft);
  margin: 2.4rem 0 .8rem; }
p.lead { color: var(--soft); margin: 0 0 1.5rem; }
table { border-collapse: collapse; width: 100%; font: 14px/1.45 system-ui, sans-serif; }
td { padding: .45rem .6rem .45rem 0; border-top: 1px solid var(--line); vertical-align: top; }
article { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--line);
  border-radius: 6px; margin: .7rem 0; padding: .8rem 1rem; }
article.mentor { border-left-color: #2f7f8c; } article.lorbot { border-left-color: #c98a1b; }
article.applicant { border-left-color: #4b8b3b; } article.lorbot.quiet { border-left-color: #d9c9a3; }
header { font: 14px/1.4 system-ui, sans-serif; display: flex; flex-wrap: wrap; gap: .1rem .7rem; }
header time { color: var(--soft); } header b { flex-basis: 100%; font-size: 15px; }
.telling { margin: .5rem 0 0; font-style: italic; }
details { margin-top: .5rem; } summary { cursor: pointer; color: var(--soft); font: 13px/1 system-ui, sans-serif; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .6rem 0 0;
  font: 14px/1.5 ui-monospace, Menlo, Consolas, monospace; }
.files { color: var(--soft); font: 13px/1.4 system-ui, sans-serif; }
.ok { color: #3b7d2c; } .bad { color: #b3261e; font-weight: 600; }
"""


def page(mails: Sequence[Line], judgement: Judgement) -> str:
    """The page's HTML. Every word of a mail is escaped."""
    body = "".join([_head(mails), _ends(judgement), "<h2>The correspondence</h2>", *(_article(m) for m in mails)])
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>lorbot: a season of letters</title><style>{_STYLE}</style>"
    )
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body><main>{body}</main></body></html>\n'


def _head(mails: Sequence[Line]) -> str:
    to_mentors = sum(1 for m in mails if m.side == "lorbot" and m.with_mentor)
    from_mentors = sum(1 for m in mails if m.side == "mentor")
    return (
        "<h1>A season of letters, by mail</h1>"
        f'<p class="lead">{len(mails)} mails between an applicant, her mentors and lorbot: {to_mentors} went to '
        f"mentors, {from_mentors} came back. People and places are made up; the mails were really delivered.</p>"
    )


def _ends(judgement: Judgement) -> str:
    rows = [(e.mentor, e.how, e.problem) for e in judgement.ends]
    rows += [("Always", name, problem) for name, problem in judgement.rules]
    cells = "".join(
        f"<tr><td>{_mark(problem)}</td><td>{escape(who)}</td><td>{escape(what)}{_why(problem)}</td></tr>"
        for who, what, problem in rows
    )
    return f"<h2>How it ended</h2><table>{cells}</table>"


def _mark(problem: str) -> str:
    return '<span class="bad">✗</span>' if problem else '<span class="ok">✓</span>'


def _why(problem: str) -> str:
    return f'<br><span class="bad">{escape(problem)}</span>' if problem else ""


def _article(mail: Line) -> str:
    quiet = " quiet" if mail.side == "lorbot" and not mail.with_mentor else ""
    telling = f'<p class="telling">{escape(mail.telling)}</p>' if mail.telling else ""
    files = f'<div class="files">Attached: {escape(", ".join(mail.files))}</div>' if mail.files else ""
    return (
        f'<article class="{mail.side}{quiet}"><header><span>{escape(mail.sender)} → {escape(mail.recipient)}</span>'
        f"<time>{escape(mail.when)}</time><b>{escape(mail.subject)}</b></header>{telling}{files}"
        f"<details><summary>Read the mail</summary><pre>{escape(mail.text)}</pre></details></article>"
    )
