#!/usr/bin/env python3
"""Checks the guides; needs Python alone.

Both languages have the pages of the navigation, headings of the same levels in one order, the same blocks of code and tables
of the same shape. README.zh-CN.md shows code of README.md alone. Every setting of the builders stands in settings.md, and none
that is gone. Links in the sources lead somewhere. A snippet that a page includes exists, and Java stands in a page only by
being included from a file that the build compiles.

With --built DIR it checks the finished site instead: every link and picture leads to a file, every anchor exists, and
nothing is loaded from the network; search knows every page.
"""
import html.parser
import json
import pathlib
import re
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
PAGES = HERE / "pages"
LANGUAGES = ("en", "zh")
FENCE = re.compile(r"^ *(```+|~~~+)(.*)$")
SNIPPET = re.compile(r'^ *--8<-- "([^":]+)(?::([\w-]+))?"$')
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def outline(path, problems):
    """The parts of a page that do not depend on its language."""
    parts, links, fence, code = [], [], None, []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        place = f"{path.relative_to(ROOT)}:{number}"
        mark = FENCE.match(line)
        if fence is not None:
            if mark and mark[1].startswith(fence[0]) and not mark[2].strip():
                parts.append(("code", fence[1], "\n".join(code)))
                if fence[1] == "java" and not any(SNIPPET.match(c) for c in code):
                    problems.append(f"{place}: Java that no build compiles (expected: --8<-- of a tested file)")
                fence, code = None, []
            else:
                code.append(line.strip() if SNIPPET.match(line) else line)
                check_snippet(line, place, problems)
            continue
        if mark:
            fence = (mark[1], mark[2].strip())
            continue
        heading = re.match(r"^(#+) (.*)$", line)
        if heading:
            anchor = re.search(r"\{ *#([\w-]+) *\}", heading[2])
            parts.append(("heading", len(heading[1]), anchor[1] if anchor else None))
            if len(heading[1]) == 2 and not anchor:
                problems.append(f"{place}: heading without an anchor (expected: {{ #name }}, equal in both languages)")
        elif line.startswith("|"):
            parts.append(("row", line.replace("\\|", "").count("|")))
        for target in LINK.findall(line):
            links.append((place, target))
    if fence is not None:
        problems.append(f"{path.relative_to(ROOT)}: a block of code does not end")
    return parts, links


def check_snippet(line, place, problems):
    snippet = SNIPPET.match(line)
    if snippet is None:
        return
    file = ROOT / snippet[1]
    if not file.is_file():
        problems.append(f"{place}: {snippet[1]} (expected: a file of the repository)")
    elif snippet[2] and f"[start:{snippet[2]}]" not in file.read_text("utf-8"):
        problems.append(f"{place}: {snippet[1]} has no part {snippet[2]}")


def check_sources():
    problems = []
    nav = re.findall(r"^ +- ([\w-]+\.md)$", (HERE / "mkdocs.yml").read_text("utf-8"), re.M)
    for language in LANGUAGES:
        there = {p.name for p in (PAGES / language).glob("*.md")}
        problems += [f"site/pages/{language}/{name}: missing (expected: every page of mkdocs.yml)" for name in set(nav) - there]
        problems += [f"site/pages/{language}/{name}: not in mkdocs.yml" for name in there - set(nav)]
    for name in nav:
        pages = [PAGES / language / name for language in LANGUAGES]
        if not all(page.is_file() for page in pages):
            continue
        outlines = []
        for page in pages:
            parts, links = outline(page, problems)
            outlines.append((parts, sorted(target for _, target in links)))
            for place, target in links:
                path = urllib.parse.urlsplit(target)
                if not path.scheme and path.path and not (page.parent / path.path).is_file():
                    problems.append(f"{place}: {target} leads nowhere")
        problems += difference(name, *outlines)
    return problems + check_readme() + check_settings()


def check_readme():
    """README.zh-CN.md shows no code but that of README.md, and its links lead somewhere."""
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
    blocks = re.findall(r"^```\w+\n.*?^```$", chinese, re.M | re.S)
    problems = [f"README.zh-CN.md: not in README.md: {block}" for block in blocks if block not in english]
    targets = [urllib.parse.urlsplit(target) for target in LINK.findall(chinese)]
    return problems + [
        f"README.zh-CN.md: {target.path} leads nowhere"
        for target in targets
        if not target.scheme and target.path and not (ROOT / target.path).exists()
    ]


def difference(name, english, chinese):
    for index, (a, b) in enumerate(zip(english[0], chinese[0])):
        if a != b:
            return [f"{name}: part {index + 1} is {a} in English and {b} in Chinese"]
    if len(english[0]) != len(chinese[0]):
        return [f"{name}: {len(english[0])} headings, rows and blocks in English, {len(chinese[0])} in Chinese"]
    if english[1] != chinese[1]:
        return [f"{name}: links in one language alone: {sorted(set(english[1]) ^ set(chinese[1]))}"]
    return []


CORE = "core/core/src/main/java/io/streamx"


def check_settings():
    """settings.md has exactly the settings of the builders, and views of generated clients, section by section."""
    setting = r"^ +public (?:final |abstract )*(?:B|(?:\w+\.)?Builder|S) (\w+)\("
    sections = {
        "client": [f"{CORE}/client/Client.java", f"{CORE}/client/ClientCallsBuilder.java"],
        "server": [f"{CORE}/server/Server.java", f"{CORE}/server/ServerCallsBuilder.java"],
        "both": [f"{CORE}/endpoint/EndpointBuilder.java"],
        "grpc": ["protocol/grpc/src/main/java/io/streamx/grpc/GrpcOptions.java"],
        "call": ["core/api/src/main/java/io/streamx/service/ServiceClient.java"],
    }
    problems = []
    for language in LANGUAGES:
        page = (PAGES / language / "settings.md").read_text("utf-8")
        for anchor, sources in sections.items():
            section = page.partition(f"{{ #{anchor} }}")[2].partition("\n## ")[0]
            rows = re.findall(r"^\| (`[^|]*) \|", section, re.M)
            words = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
            found = {source: re.findall(setting, (ROOT / source).read_text("utf-8"), re.M) for source in sources}
            code = {name for names in found.values() for name in names}
            problems += [f"site/pages/{language}/settings.md: {anchor}: {name}: no words" for name in sorted(code - words)]
            problems += [f"site/pages/{language}/settings.md: {anchor}: {name}: not in {' or '.join(sources)}" for name in sorted(words - code)]
            problems += [
                f"{source}: no settings found (expected: public methods of a builder)"
                for source, names in found.items()
                if not names
            ]
    return problems


class Page(html.parser.HTMLParser):
    """What a finished page refers to, and the anchors it has."""

    def __init__(self):
        super().__init__()
        self.links, self.loads, self.anchors = [], [], set()

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if "id" in values:
            self.anchors.add(values["id"])
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag in ("script", "img") and values.get("src"):
            self.loads.append(values["src"])
        if tag == "link" and values.get("rel") in ("stylesheet", "icon") and values.get("href"):
            self.loads.append(values["href"])


def check_built(site):
    problems, pages = [], {}
    for path in site.rglob("*.html"):
        if path.name == "404.html":  # What a web server shows; its links are absolute, and from file: it is never seen.
            continue
        page = pages[path] = Page()
        page.feed(path.read_text("utf-8"))
    for path, page in pages.items():
        name = path.relative_to(site)
        for target in page.loads + page.links:
            parts = urllib.parse.urlsplit(target)
            if parts.scheme or parts.netloc:
                if target in page.loads:
                    problems.append(f"{name}: loads {target} (expected: nothing from the network)")
                continue
            file = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            if not file.is_file():
                problems.append(f"{name}: {target} leads to no file")
            elif parts.fragment and file in pages and urllib.parse.unquote(parts.fragment) not in pages[file].anchors:
                problems.append(f"{name}: {target} has no such anchor")
    if len(pages) < 2:
        problems.append(f"{site}: {len(pages)} pages (expected: a built site)")
        return problems
    index = json.loads((site / "search" / "search_index.js").read_text("utf-8").removeprefix("var __index = "))
    found = {entry["location"].partition("#")[0] for entry in index["docs"]}
    problems += [
        f"{path.relative_to(site)}: not found by search" for path in pages if path.relative_to(site).as_posix() not in found
    ]
    return problems


if __name__ == "__main__":
    found = check_built(pathlib.Path(sys.argv[2]).resolve()) if sys.argv[1:2] == ["--built"] else check_sources()
    print("\n".join(found) or "The guides are in order.", file=sys.stderr)
    sys.exit(1 if found else 0)
