"""Build the documentation site: ``python -m tasks.build_docs [FOLDER]``, by default ``build/docs``.

``markdown/vi``, ``markdown/en`` are the pages; ``site`` is what Zensical makes of them, with an index that is
searched without a server, for browsers load scripts from a disk, but no data.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tasks.build_docs import search, trees
from tasks.build_docs.bilingual import LANGUAGES

INDENTATION = re.compile(r"\s*\n\s*")
FRONT = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>landxml</title>
<meta http-equiv="refresh" content="0; url=vi/index.html">
<p><a href="vi/index.html">Tiếng Việt</a> · <a href="en/index.html" lang="en">English</a></p></html>
"""


def main(folder: Path) -> None:
    """Write the trees and the site."""
    trees.write(folder / "markdown")
    shutil.rmtree(folder / "site", ignore_errors=True)
    for lang in LANGUAGES:
        _site(folder, lang)
    (folder / "site" / "index.html").write_text(FRONT, "utf-8")
    print(folder / "site" / "index.html")


def _site(folder: Path, lang: str) -> None:
    shutil.copytree(trees.HERE / "assets", folder / "markdown" / lang / "assets")
    config = folder / f"{lang}.yml"
    config.write_text(
        json.dumps(_config(folder, lang), ensure_ascii=False, indent=1), "utf-8"
    )  # JSON is YAML, too
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean", "--config-file", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    site = folder / "site" / lang
    (site / "404.html").unlink()  # for servers
    for page in site.rglob("*.html"):
        page.write_text(_without_indentation(page.read_text("utf-8")), "utf-8")
    (site / "assets" / "index.js").write_text(search.index(site), "utf-8")


def _without_indentation(page: str) -> str:
    """Leave out the indentation around what a page says: each has the whole navigation, mostly blanks."""
    before, begin, rest = page.partition("<article")
    said, end, after = rest.partition("</article>")
    return "".join([INDENTATION.sub("\n", before), begin, said, end, INDENTATION.sub("\n", after)])


def _config(folder: Path, lang: str) -> dict[str, object]:
    return {
        "site_name": "landxml",
        "docs_dir": f"markdown/{lang}",
        "site_dir": f"site/{lang}",
        "use_directory_urls": False,
        "nav": trees.navigation(folder / "markdown" / lang, lang),
        "plugins": [{"search": {"enabled": False}}],  # whose index needs a server
        "extra_css": ["assets/site.css"],
        "extra_javascript": ["assets/search.js"],
        "theme": {"language": lang, "font": False, "features": ["navigation.sections", "navigation.top"]},
        "markdown_extensions": [
            "tables",
            "fenced_code",
            "attr_list",
            "md_in_html",
            {"toc": {"permalink": False}},
        ],
        "extra": {"generator": False},
    }


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/docs").resolve())
