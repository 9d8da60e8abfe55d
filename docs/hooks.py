"""Lets the site's pages link to files of the repository, as they do on the repository's own page.

A link out of `docs/` leads to the page that the site has of that file, else to the file in the repository (`repo_url`),
else it is plain text.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

TOP = Path(__file__).parents[1]

FROM_ELSEWHERE = {
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "tests/benchmarks/results.md": "benchmarks.md",
}
"""Pages of the site whose source lies outside `docs/`: the file, and the page that is made of it."""

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?://|mailto:|#)([^)\s#]+)(#[^)\s]+)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for source, page in FROM_ELSEWHERE.items():
        files.append(File.generated(config, page, abs_src_path=str(TOP / source)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    sources = {shown: source for source, shown in FROM_ELSEWHERE.items()}
    folder = posixpath.dirname(sources.get(page.file.src_uri, f"docs/{page.file.src_uri}"))

    def on_the_site(link: re.Match[str]) -> str:
        text, target, anchor = link[1], posixpath.normpath(posixpath.join(folder, link[2])), link[3] or ""
        if target in FROM_ELSEWHERE or target.startswith("docs/"):
            shown = FROM_ELSEWHERE.get(target, target.removeprefix("docs/"))
            return (
                f"[{text}]({posixpath.relpath(shown, posixpath.dirname(page.file.src_uri) or '.')}{anchor})"
            )
        return f"[{text}]({config.repo_url}/blob/main/{target}{anchor})" if config.repo_url else text

    return LINK.sub(on_the_site, markdown)
