"""What can go wrong while a page is measured."""

from __future__ import annotations

from typing import Final

from liangming.errors import Kind, declare

BROWSER_MISSING: Final = declare(
    "parity.browser-missing",
    Kind.OUTAGE,
    zh="没有找到 Chromium。请安装 chromium 和 pip install 'liangming[parity]'，或用 --chromium 指明位置。",
    en="Chromium was not found: install chromium and pip install 'liangming[parity]', or name it with --chromium.",
)
PAGE_UNREACHABLE: Final = declare(
    "parity.page-unreachable",
    Kind.OUTAGE,
    zh="这个页面打不开，请检查地址和网络。",
    en="This page cannot be opened; please check the address and the network.",
)
NOTHING_FOUND: Final = declare(
    "parity.nothing-found",
    Kind.INVALID,
    zh="没有认出这个页面上的选项，因此无法判定。请用 --select 指明选项，例如 --select '.pay-way'。",
    en="The choices of this page were not recognised, so nothing is decided. Name them with --select, e.g. --select '.pay-way'.",
)
SELECTOR_UNFIT: Final = declare(
    "parity.selector-unfit",
    Kind.INVALID,
    zh="--select 不是有效的 CSS 选择器，或没有选中可见的元素。",
    en="--select is no valid CSS selector, or selects nothing that can be seen.",
)
PICTURE_UNWRITTEN: Final = declare(
    "parity.picture-unwritten",
    Kind.OUTAGE,
    zh="截图没有写成，请检查目录、权限和磁盘空间。",
    en="The picture was not written; please check the folder, its rights and the disk.",
)
