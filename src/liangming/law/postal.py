"""邮政法: secrecy of correspondence, what a letter is, and to whom user information may go."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="postal",
    zh="中华人民共和国邮政法",
    en="Postal Law of the People's Republic of China",
    number="",
    rank=Rank.LAW,
    address="",
    force=Span(date(2018, 10, 22)),
    note_zh="所读为2015年修正后的文本；本库从2018年10月22日起引用，该日实名收寄管理办法以其为依据。本法没有查验寄件人身份的条文。",
    note_en="The text as amended in 2015, cited from 2018-10-22, when the real-name measures were made under it. It has no article on checking a sender's identity.",
)

_article = Sheet(INSTRUMENT, Grade.A)

ARTICLES: Final[tuple[Article, ...]] = (
    _article(
        "3",
        "通信自由和通信秘密受保护；只有公安、国家安全、检察机关为国家安全或者追查刑事犯罪，才可以依法检查通信。",
        "Freedom and secrecy of correspondence are protected; only police, state security and procuratorate may inspect it, by law.",
        Held.CONSTRUCTION,
        why=("系统不记录寄递内容。", "The system records no content."),
    ),
    _article(
        "25",
        "收寄时依法验视；对信件，必要时可以要求用户开拆，但不得检查内容；拒绝验视的不予收寄。",
        "Items are inspected on acceptance; a letter may be opened by the user if needed but its content not read; refused inspection, no acceptance.",
        Held.OUT,
        why=("验视内件，不涉及身份查验。", "About contents, not identity."),
    ),
    _article(
        "35",
        "除法律另有规定外，企业及其从业人员不得向任何人泄露用户使用服务的信息。",
        "Unless a law says otherwise, the firm and its staff disclose to nobody that or how a user uses the service.",
        Held.CONSTRUCTION,
        why=(
            "存证只有加密钥的承诺值，日志里没有个人信息。",
            "The ledger holds keyed commitments only; logs hold no personal data.",
        ),
    ),
    _article(
        "36",
        "公安、国家安全、检察机关依法要求提供用户使用服务的信息，企业应当配合，并对有关情况保密。",
        "Police, state security and procuratorate may lawfully require user information; the firm cooperates and keeps it secret.",
        Held.DUTY,
        why=(
            "逐案按目的开封并留痕，留痕本身不公开。",
            "Opened case by case for that purpose; the trace itself is not public.",
        ),
    ),
    _article(
        "59",
        "前述关于验视、保密和配合的条文适用于快递企业及其从业人员。",
        "The articles on inspection, secrecy and cooperation apply to express firms and their staff.",
        Held.SCENE,
        why=("快递场景同样适用。", "Applied in express scenes alike."),
    ),
    _article(
        "75",
        "不建立或者不执行收件验视制度的，可以对快递企业停业整顿直至吊销许可证。",
        "Without a system of inspecting items an express firm may be suspended or lose its licence.",
        Held.OUT,
        why=("验视内件，不涉及身份查验。", "About contents, not identity."),
    ),
    _article(
        "76",
        "违法提供用户使用服务的信息，责令改正，没收违法所得并处罚款，可以停业整顿直至吊销许可证；对从业人员处罚款。",
        "Giving user information unlawfully: correction, confiscation and a fine, up to loss of the licence; a fine for staff.",
        Held.CONSTRUCTION,
        why=("见第三十五条。", "See article 35."),
        values=(
            "fine_user_data_low_yuan",
            "fine_user_data_high_yuan",
            "fine_user_data_staff_low_yuan",
            "fine_user_data_staff_high_yuan",
        ),
    ),
    _article(
        "84",
        "信件是信函和明信片；信函是以套封形式传递的缄封的信息载体，不包括书籍、报纸、期刊等。信件的例外按此界定。",
        "Letters are sealed letters and postcards; a sealed letter carries information and is not a book, newspaper or periodical. The exemption of letters is bounded by this.",
        Held.CHECK,
        why=("“信件”这一事实按此定义填写。", "The fact “letter” is given in this sense."),
    ),
)
