#!/usr/bin/env python3
"""Makes the Javadoc of all published modules, as one, into target/site-javadoc; build.sh puts it beside the guides.

Needs Python alone, Maven, a JDK 21 or later, and the modules in the local repository: mvn -q -DskipTests install. Packages that
a module keeps to itself are left out, and so is Kotlin, which has no Javadoc. Nothing is done where no source has changed.
The environment variable MVN names another command than mvn.
"""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "target" / "site-javadoc"
MVN = os.environ.get("MVN", "mvn").split()


def published():
    """The folders of modules that are published and have Java, in the order of the wings."""
    found = []
    listed = re.compile(r"^    <module>([\w-]+)</module>", re.M)
    for wing in listed.findall((ROOT / "pom.xml").read_text("utf-8")):
        for name in listed.findall((ROOT / wing / "pom.xml").read_text("utf-8")):
            pom = ROOT / wing / name / "pom.xml"
            kept = "<maven.deploy.skip>true" in pom.read_text("utf-8")
            if not kept and (pom.parent / "src/main/java").is_dir():
                found.append(pom.parent)
    return found


def sources(module):
    """The files of the packages that users may use, by package."""
    root = module / "src/main/java"
    info = module / "src/main/module/module-info.java"
    exported = None
    if info.is_file():
        exported = set(re.findall(r"^ *exports ([\w.]+);", info.read_text("utf-8"), re.M))
    packages = {}
    for file in sorted(root.rglob("*.java")):
        package = ".".join(file.parent.relative_to(root).parts)
        if exported is None or package in exported:
            packages.setdefault(package, []).append(file)
    return packages


def run(*command):
    print(" ".join(command[:6]), "...", file=sys.stderr)
    ended = subprocess.run(MVN + list(command), cwd=ROOT)
    if ended.returncode != 0:
        sys.exit(f"{' '.join(MVN)}: exit code {ended.returncode} (expected: the modules in the local repository, by mvn -q -DskipTests install)")


def quoted(text):
    return '"' + str(text).replace("\\", "\\\\") + '"'


def main():
    modules = {module: sources(module) for module in published()}
    files = [file for packages in modules.values() for group in packages.values() for file in group]
    if not files:
        sys.exit("site/javadoc.py: no sources found (expected: published modules with src/main/java)")
    stamp = hashlib.sha256(pathlib.Path(__file__).read_bytes())
    for file in files:
        stamp.update(file.read_bytes())
    made_of = OUT / "made-of"
    if made_of.is_file() and made_of.read_text() == stamp.hexdigest():
        return

    names = ",".join(str(module.relative_to(ROOT)) for module in modules)
    listed = "target/javadoc-classpath.txt"
    run("-q", "-pl", names, "dependency:build-classpath", "-Dmdep.includeScope=compile", f"-Dmdep.outputFile={listed}")
    classpath = []
    for module in modules:
        # Its own classes too: some of what a module's sources refer to is generated.
        entries = [str(module / "target/classes")] + (module / listed).read_text("utf-8").strip().split(os.pathsep)
        classpath += [entry for entry in entries if entry and entry not in classpath]

    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    options = ["-d", quoted(OUT), "-quiet", "-notimestamp", "-protected", "-Xdoclint:none", "-encoding", "UTF-8", "-locale", "en"]
    options += ["-windowtitle", quoted("StreamX for Java"), "-doctitle", quoted("StreamX for Java")]
    options += ["-classpath", quoted(os.pathsep.join(classpath))]
    # What modules say of each other is looked up in their sources, which are newer than what was installed.
    options += ["-sourcepath", quoted(os.pathsep.join(str(module / "src/main/java") for module in modules))]
    for module, packages in modules.items():
        artifact = re.search(r"</parent>\s*<artifactId>([\w-]+)<", (module / "pom.xml").read_text("utf-8"))[1]
        if packages:
            options += ["-group", quoted(artifact), quoted(":".join(packages))]
    arguments = ROOT / "target" / "site-javadoc.args"
    arguments.write_text("\n".join(options + [quoted(file) for file in files]) + "\n", "utf-8")
    # By Maven, which runs the tool of the JDK that it selects for the build.
    run("-q", "-N", "-Psite-javadoc", "validate", "exec:exec@site-javadoc")
    if not (OUT / "index.html").is_file():
        sys.exit(f"{OUT}/index.html: not made (expected: the Javadoc of {len(modules)} modules)")
    made_of.write_text(stamp.hexdigest())


if __name__ == "__main__":
    main()
