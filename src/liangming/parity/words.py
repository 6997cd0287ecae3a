"""How a choice is recognised by its words, and which words pull though a scene may say them.

Patterns are given to the browser as data; there they find the group of choices.
"""

from __future__ import annotations

import re
from typing import Final

FACE: Final = r"刷脸|人脸|扫脸|刷臉|人臉|人像(?:识别|比对)|面部识别|脸部|\bfac(?:e|ial)\b|selfie"
NO: Final = (
    r"不同意|不允许|不授权|不使用|不刷|不用|不开通|不需要|拒绝|拒絕|暂不|以后再说|跳过|取消|"
    r"\bno\b|\bdecline|\breject|\brefuse|\bdo(?:n.t| not)\b|\bnot now\b|\bskip\b|\bcancel\b|\bwithout a face\b"
)
ELSEWHERE: Final = (
    r"其他(?:验证|核验|认证|支付|办理|识别)?方式|其它(?:验证|核验|认证|支付)?方式|更多方式|更多选项|换一种|换个方式|"
    r"\b(?:other|another|more|different)\s+(?:ways?|methods?|options?)\b"
)
YES: Final = r"同意|允许|授权|确认刷|开始刷|\bagree|\ballow\b|\baccept\b|\bconsent\b|\bcontinue\b"
WAY: Final = (
    r"身份证|证件|护照|驾驶证|社保卡|读卡|取件码|取件编码|交接|验证码|短信|密码|口令|扫码|二维码|付款码|现金|银行卡|刷卡|"
    r"网证|网号|网络凭证|会员|票证|预约|登记|协议编号|工作人员|人工|客服|门禁卡|IC卡|指纹|"
    r"\b(?:id|document|passport|licen[cs]e|code|sms|password|pin|cash|card|ticket|booking|membership|staff|"
    r"credential|registered|organisation|organization|agreement|scan|fingerprint|help)\b"
)
TERMS: Final = r"《|》|政策|条款|隐私|服务协议|用户协议|法律怎么说|\bpolic(?:y|ies)\b|\bterms\b|\bprivacy\b|learn more"
"""Links to texts are no choices, even where they name a face."""

PULLING: Final = re.compile(
    r"快捷|便捷|智能|轻松|无感|尊享|一秒|省时|\bquick\b|\beasy\b|\bsmart\b|\binstant\b|\bconvenient\b",
    re.IGNORECASE,
)
"""On a choice itself these pull too, though a scene may say them elsewhere."""

PATTERNS: Final = {
    "face": FACE,
    "no": NO,
    "elsewhere": ELSEWHERE,
    "yes": YES,
    "way": WAY,
    "terms": TERMS,
}
