#!/usr/bin/env python3
"""Checks the guides; needs Python alone.

Both languages have the pages of the navigation, headings of the same levels in one order, the same blocks of code and tables
of the same shape. README.zh-CN.md shows code of README.md alone. Every setting of the builders stands in settings.md, and none
that is gone, with its default. The types that users meet first have an example in their Javadoc, each line of which stands in
a file that the build compiles. Links in the sources lead somewhere. A snippet that a page includes exists, and Java stands in a page only by
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
# The types that users meet first, by the folder of their module. site/pages/*/api.md lists them.
MET_FIRST = {
    "core/api": """BidiStreamingClient BidiStreamingServer ClientStreamingClient ClientStreamingServer ServerStreamingClient
        ServerStreamingServer CallContext RecvTimeout RpcException BizStatusException StatusException StreamException
        CallListener AttributeKey middleware.ServerMiddleware middleware.ClientMiddleware middleware.RecvMiddleware
        middleware.SendMiddleware""",
    "core/core": "client.Client server.Server balancer.Balancer discovery.Resolver tls.ClientTls tls.ServerTls",
}
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
    return problems + check_readme() + check_settings() + check_examples() + check_alerts()


def check_alerts():
    """observability.md has words for exactly the alert rules that streamx-micrometer brings."""
    rules = ROOT / "integration/micrometer/src/main/resources/io/streamx/micrometer/prometheus-alerts.yml"
    there = set(re.findall(r"- alert: (\w+)", rules.read_text("utf-8")))
    problems = [] if there else [f"{rules.relative_to(ROOT)}: no alerts found (expected: - alert: NAME)"]
    for language in LANGUAGES:
        page = PAGES / language / "observability.md"
        named = set(re.findall(r"^\| `(Streamx\w+)` \|", page.read_text("utf-8"), re.M))
        problems += [f"{page.relative_to(ROOT)}: {name}: no words" for name in sorted(there - named)]
        problems += [f"{page.relative_to(ROOT)}: {name}: not in {rules.relative_to(ROOT)}" for name in sorted(named - there)]
    return problems


def check_examples():
    """The Javadoc of each type that users meet first has an example, and each line of it stands in a compiled example."""
    compiled = {
        line.strip() for file in (ROOT / "examples" / "src").rglob("*.java") for line in file.read_text("utf-8").splitlines()
    }
    problems = []
    for module, names in MET_FIRST.items():
        for name in names.split():
            file = ROOT / module / "src/main/java/io/streamx" / (name.replace(".", "/") + ".java")
            if not file.is_file():
                problems.append(f"{file.relative_to(ROOT)}: not there (expected: a type that users meet first)")
                continue
            javadoc = file.read_text("utf-8").partition("\npublic ")[0]
            examples = re.findall(r"<pre>\{@code\n(.*?)^ \* }</pre>", javadoc, re.M | re.S)
            if not examples:
                problems.append(f"{file.relative_to(ROOT)}: no example in the Javadoc of the type (expected: <pre>{{@code ...}}</pre>)")
            lines = [line.removeprefix(" *").strip() for example in examples for line in example.splitlines()]
            problems += [
                f"{file.relative_to(ROOT)}: an example has the line: {line} (expected: one of a file in examples/src)"
                for line in lines
                if line and line not in compiled
            ]
    return problems


def check_readme():
    """README.zh-CN.md and first-thrift.md show no project but that of README.md, and links lead somewhere."""
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
    blocks = re.findall(r"^```\w+\n.*?^```$", chinese, re.M | re.S)
    problems = [f"README.zh-CN.md: not in README.md: {block}" for block in blocks if block not in english]
    # ReadmeIT builds and runs the project of the README, and so that of the page.
    for language in LANGUAGES:
        page = PAGES / language / "first-thrift.md"
        for project in re.findall(r"^```xml\n.*?^```$", page.read_text("utf-8"), re.M | re.S):
            if project not in english:
                problems.append(f"{page.relative_to(ROOT)}: a pom.xml that no test builds (expected: that of README.md)")
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


SETTING = r"^ +public (?:final |abstract )*(?:B|(?:\w+\.)?Builder|S|Policies) (\w+)\("
CORE = "core/core/src/main/java/io/streamx/"
SPRING = "integration/spring-boot/src/main/java/io/streamx/spring/"
RESILIENCE = "integration/resilience/src/main/java/io/streamx/resilience/"
# The sections of settings.md, and the builders or records whose settings they are to have.
SECTIONS = {
    "client": [CORE + "client/Client.java", CORE + "client/ClientConnectionsBuilder.java", CORE + "client/ClientCallsBuilder.java"],
    "server": [CORE + "server/Server.java", CORE + "server/ServerConnectionsBuilder.java", CORE + "server/ServerCallsBuilder.java"],
    "both": [CORE + "endpoint/EndpointBuilder.java"],
    "grpc": ["protocol/grpc/src/main/java/io/streamx/grpc/GrpcOptions.java"],
    "call": ["core/api/src/main/java/io/streamx/service/ServiceClient.java"],
    "gateway": ["protocol/gateway/src/main/java/io/streamx/gateway/GatewayOptions.java"],
    "client-tls": [CORE + "tls/ClientTls.java"],
    "server-tls": [CORE + "tls/ServerTls.java"],
    "call-log": [CORE + "endpoint/CallLog.java"],
    "policies": [RESILIENCE + "Policies.java"],
    "policy": [RESILIENCE + name for name in (
        "RetryPolicy.java", "BackOff.java", "BackupPolicy.java", "BreakerPolicy.java", "LimitPolicy.java", "DegradationPolicy.java")],
    "spring-server": [SPRING + "StreamXServerProperties.java"],
    "spring-security": [SPRING + "StreamXSecurityProperties.java"],
    "spring-client": [SPRING + "StreamXClientProperties.java"],
    "spring-grpc": [SPRING + "StreamXGrpcProperties.java"],
    "spring-registry": [SPRING + "StreamXRegistryProperties.java"],
    "spring-observability": [SPRING + "StreamXObservabilityProperties.java"],
}
DEFAULTS = {
    CORE + "wire/Defaults.java": {
        "CONNECT_TIMEOUT": ["client connectTimeout"],
        "CONNECTION_WAIT": ["client connectionWait"],
        "MAX_MESSAGE_BYTES": ["both maxMessageBytes"],
        "STREAM_BUFFER_BYTES": ["both buffers"],
        "CONNECTION_BUFFER_BYTES": ["both buffers"],
        "STALL_TIMEOUT": ["both stallTimeout"],
        "MAX_CONCURRENT_STREAMS": ["server maxConcurrentStreams"],
        "MAX_MUX_CONNECTIONS": ["client connections"],
        "CLIENT_IDLE_TIMEOUT": ["client idleTimeout"],
        "SERVER_IDLE_TIMEOUT": ["server idleTimeout"],
        "READ_TIMEOUT": ["server readTimeout"],
        "DEAD_PEER_TIMEOUT": ["client deadPeerTimeout", "server deadPeerTimeout"],
        "SILENCE_WARNING": ["client silenceWarning"],
        "LATE_HANDLER": ["server lateHandlerWarning"],
        "LEAVE_DELAY": ["server leaveDelay"],
        "SHUTDOWN_WINDOW": ["server shutdownWindow"],
        "SEND_TIMEOUT": ["server sendTimeout"],
        # What nobody can set.
        "MAX_SENT_HEADER_BYTES": [],
        "MAX_ACCEPTED_HEADER_BYTES": [],
        "MAX_IDLE_CONNECTIONS": [],
        "TLS_HANDSHAKE_TIMEOUT": [],
    },
    "protocol/grpc/src/main/java/io/streamx/grpc/GrpcDefaults.java": {
        "CONNECTION_WINDOW_BYTES": ["grpc connectionWindowBytes"],
        "MAX_STREAM_WINDOW_BYTES": ["grpc maxWindowBytes"],
        "MAX_CONNECTION_WINDOW_BYTES": ["grpc maxWindowBytes"],
        "MAX_HEADER_LIST_BYTES": ["grpc maxHeaderListBytes"],
        "SERVER_KEEP_ALIVE_TIME": ["grpc keepAliveTime"],
        "KEEP_ALIVE_TIMEOUT": ["grpc keepAliveTimeout"],
        "PERMIT_KEEP_ALIVE_TIME": ["grpc permitKeepAliveTime"],
        "PERMIT_KEEP_ALIVE_TIME_WITHOUT_CALLS": ["grpc permitKeepAliveWithoutCalls"],
    },
    "protocol/gateway/src/main/java/io/streamx/gateway/GatewayOptions.java": {
        "MAX_HEADER_BYTES": ["gateway maxHeaderBytes"],
        "HEARTBEAT": ["gateway heartbeat"],
        "IDLE_TIMEOUT": ["gateway idleTimeout"],
    },
}


def settings_of(source):
    """The names of the settings of a builder, or of the components of a record; of Spring's records as they are written."""
    text = (ROOT / source).read_text("utf-8")
    records = {}
    for name, components in re.findall(r"^ *(?:public )?record (\w+)\((.*?)\)(?: implements [\w, ]+)? \{", text, re.M | re.S):
        plain = re.sub(r"@\w+(\(\"[^\"]*\"\))?", "", components)
        while "<" in plain:
            plain = re.sub(r"<[^<>]*>", "", plain)
        records[name] = [tuple(component.split()[-2:]) for component in plain.split(",") if component.strip()]
    builder = set(re.findall(SETTING, text, re.M))
    if not source.startswith(SPRING):
        return builder or {name for components in records.values() for _, name in components}

    def written(record):
        for kind, name in records[record]:
            kebab = re.sub("[A-Z]", lambda capital: "-" + capital[0].lower(), name)
            yield from (f"{kebab}.{inner}" for inner in written(kind)) if kind in records else [kebab]

    return set(written(pathlib.Path(source).stem))


def rendered(value):
    """A constant of Java as the pages write it: 5 s, 16 MiB, 10,000."""
    time = re.fullmatch(r"Duration\.of(\w+)\(([\d_]+)\)", value)
    if time:
        return f"{int(time[2])} " + {"Seconds": "s", "Minutes": "min", "Hours": "h", "Millis": "ms"}[time[1]]
    size = re.fullmatch(r"(\d+) << (10|20)", value)
    if size:
        return f"{size[1]} {'KiB' if size[2] == '10' else 'MiB'}"
    return f"{int(value):,}"


def check_settings():
    """settings.md has exactly the settings of the builders, views and records, section by section, and names their defaults."""
    problems = []
    for language in LANGUAGES:
        place = f"site/pages/{language}/settings.md"
        page = (ROOT / place).read_text("utf-8")
        cells = {}
        for anchor, files in SECTIONS.items():
            section = page.partition(f"{{ #{anchor} }}")[2].partition("\n## ")[0]
            words = set()
            for row, rest in re.findall(r"^\| (`[^|]*) \|(.*)$", section, re.M):
                for name in re.findall(r"`([\w.-]+)`", row):
                    words.add(name)
                    cells[f"{anchor} {name}"] = rest
            found = {source: settings_of(source) for source in files}
            code = set().union(*found.values())
            problems += [f"{place}: {anchor}: {name}: no words" for name in sorted(code - words)]
            problems += [f"{place}: {anchor}: {name}: not in {', '.join(files)}" for name in sorted(words - code)]
            problems += [
                f"{source}: no settings found (expected: public methods of a builder, or components of a record)"
                for source, names in found.items()
                if not names
            ]
        for source, named in DEFAULTS.items():
            text = (ROOT / source).read_text("utf-8")
            constants = dict(re.findall(r"^ +public static final (?:Duration|int) (\w+) = (.*?);", text, re.M))
            problems += [f"{source}: {name}: whose default? (expected: DEFAULTS of check.py)" for name in constants if name not in named]
            for name, settings in named.items():
                if name not in constants:
                    problems.append(f"{source}: {name}: not there (expected: a constant that DEFAULTS of check.py names)")
                    continue
                problems += [
                    f"{place}: {setting}: says nothing of {rendered(constants[name])} (expected: the default, {name})"
                    for setting in settings
                    if rendered(constants[name]) not in cells.get(setting, "")
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
        if (site / "javadoc") in path.parents:  # Made and checked by javadoc; that links lead to its files is checked below.
            continue
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
