"""公共安全视频图像信息系统管理条例: cameras for public safety. All articles here were read (A)."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law import facts
from liangming.law.drafting import Sheet, bar
from liangming.law.values import FACE_DAY
from liangming.law.words import Question
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="video",
    zh="公共安全视频图像信息系统管理条例",
    en="Regulation on Public Safety Video Image Information Systems",
    number="",
    rank=Rank.REGULATION,
    address="",
    force=Span(date(2025, 4, 1)),
)
_ = Sheet(INSTRUMENT, Grade.A)
_NOT_OURS = (
    "亮明不是公共安全视频系统，也不接入它的画面。",
    "Liangming is no public-safety video system and takes none of its images.",
)
_OPERATOR = (
    "属于场所的视频系统，由其管理单位履行。",
    "Concerns the place's video system and whoever runs it.",
)

ARTICLES: Final[tuple[Article, ...]] = (
    _("2", "公共场所内覆盖公共安全区域的图像采集系统。", "Image systems in public places that cover areas of public safety.", Held.OUT, why=_NOT_OURS),
    _("7", "商场、会展、景区、文体娱乐、学校、医院、公园、停车场、交通枢纽等由负有责任的经营管理单位建设，其他人不得设置，只用于公共安全。", "In malls, expo centres, scenic, cultural and sports places, schools, hospitals, parks, car parks and hubs the responsible operator builds them; nobody else; for public safety only.", Held.OUT, why=_NOT_OURS),
    _(
        "8", "客房、包间、宿舍房间、公共浴室、卫生间、更衣室、哺乳室、试衣间等可窥视隐私的部位禁止安装；管理者应当检查，发现的报警。",
        "None in hotel rooms, private dining rooms, dormitories, public baths, toilets, changing, nursing and fitting rooms and others that can peep; managers inspect and report finds.",
        Held.SCENE,
        rules=(
            bar(
                "video.8/private-space", Question.CONFIGURE, facts.private_space,
                "scene.private-space", also=("pipl.26",), until=FACE_DAY,
                zh="设备位于客房、浴室、更衣室、卫生间等私密部位。",
                en="The device stands in a hotel room, bath, changing room, toilet or the like.",
                mend_zh="移走设备。", mend_en="Move the device away.",
            ),
        ),
    ),
    _("9", "其他公共场所须为公共安全所必需，由负有安全防范义务的单位设置。", "Other public places: only as public safety needs, by whoever owes security there.", Held.OUT, why=_NOT_OURS),
    _("13", "位置、角度、范围合理，设显著标识。", "Position, angle and area reasonable; prominent sign.", Held.SCENE, why=("刷脸终端的标识见个人信息保护法第二十六条的规则。", "Signs at face devices: rule under PIPL 26.")),
    _("14", "投入使用三十日内向县级公安机关备案。", "Filed with the county police within 30 days of use.", Held.OUT, why=_OPERATOR),
    _("15", "采取安全保护措施。", "Security measures.", Held.OUT, why=_OPERATOR),
    _("16", "控制访问，登记查阅、调取的人和事由。", "Access control, and a register of who looked and why.", Held.OUT, why=_OPERATOR),
    _("17", "图像保存不少于三十日，目的实现后删除。", "Images are kept at least 30 days, then deleted.", Held.OUT, why=("这是视频的期限，不是人脸信息的期限。", "A term for video, not for faces."), values=("video_days",)),
    _("21", "为保护人身财产，本人、近亲属或者监护人经同意可以查阅。", "To protect life, health or property a person, relative or guardian may view with consent.", Held.OUT, why=_OPERATOR),
    _("22", "公开画面时对人脸、车牌严格保护。", "Faces and plates in published footage are strictly protected.", Held.OUT, why=_OPERATOR),
    _("26", "违反第八、九条等的改正、没收、罚款（第二十六至二十九条）。", "Correction, confiscation, fines for breach of 8, 9 and others (arts 26 to 29).", Held.OUT, number="第二十六条至第二十九条", why=("罚则。", "Penalties.")),
    _("31", "违反个人信息和数据义务的，依照网络安全法、数据安全法、个人信息保护法处罚。", "Data duties: punished under the specialised laws.", Held.OUT, why=("罚则。", "Penalties.")),
    _("33", "非公共场所的系统不得损害公共安全和他人权益。", "Systems in non-public places harm nobody.", Held.OUT, why=_NOT_OURS),
)  # fmt: skip
