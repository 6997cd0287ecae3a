"""Every page of the house and its picture: where it is, who looks, what to do first.

A page is a template that stands alone, or a screen of a machine or a station. A test walks the
addresses and the templates of the house and fails where one has no row here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import picture_steps as do
from playwright.sync_api import Page


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture.

    Attributes:
        name: of its file; what follows the last dash may repeat the size.
        says: the caption, in Chinese and English.
        of: the address that it ends at, as the house writes it; checked when it is taken.
        shows: the template, on pages of the house.
        also: an address that shows this page and is not where the picture was taken.
        size: ``phone``, ``desk`` or ``kiosk``.
        path: where it begins; ``of`` where that is a plain address. It may name a ``{mandate}``.
        first: what to do before it is taken; ``then``: the same, with what the house told of itself.
        door: ``demo``, ``staff``, ``console`` (staff pages over a house with figures), ``machine``,
            ``kiosk``, ``vending`` or ``station``.
        role: who looks, on pages of staff.
        large: the step of size.
    """

    name: str
    says: str
    of: str
    shows: str = ""
    also: tuple[str, ...] = ()
    size: str = "phone"
    path: str = ""
    first: Callable[[Page], object] | None = None
    then: Callable[[Page, dict[str, Any]], None] | None = None
    english: bool = False
    dark: bool = False
    large: int = 0
    door: str = "demo"
    role: str = ""

    @property
    def begins(self) -> str:
        """Where it begins."""
        return self.path or f"/{self.of.lstrip('/')}"


_COUNTER: Final = "/s/shili-counter"
_LOCKER: Final = "/s/yangli-locker-send"
_DESK: Final = "/desk/at/shili-counter"
_CHECK: Final = "c/<str:check>"
_AT: Final = "desk/at/<str:scene>"
_OWN: Final = "desk/check/<str:check>"

_sender = partial(Picture)
_kiosk = partial(Picture, size="kiosk")
_desk = partial(Picture, size="desk", path=_DESK)
_staff = partial(Picture, size="desk", door="staff")
_manager = partial(Picture, size="desk", door="staff", role="manager", path="/staff/")
_officer = partial(Picture, size="desk", door="console", role="officer")
_inspector = partial(Picture, size="desk", door="console", role="inspector")
_integrator = partial(Picture, size="desk", door="console", role="integrator")
_machine = partial(Picture, size="kiosk", door="machine")
_own_kiosk = partial(Picture, size="kiosk", door="kiosk")
_vending = partial(Picture, size="kiosk", door="vending")
_station = partial(Picture, size="desk", door="station", path="/")

PICTURES: Final = (
    # The sender, on a phone.
    _sender(name="front-phone", says="首页 the front page", of="", shows="front.html"),
    _sender(name="sender-phone", says="寄件人 choices", of="s/<str:scene>", shows="sender/start.html", path=_COUNTER),
    _sender(name="sender-phone-en", says="寄件人，英文 in English", of="s/<str:scene>", path=_COUNTER, english=True),
    _sender(name="sender-phone-dark", says="寄件人，深色 dark", of="s/<str:scene>", path=_COUNTER, dark=True),
    _sender(name="sender-phone-large", says="寄件人，190 % at 190 %", of="s/<str:scene>", path=_COUNTER, large=3),
    _sender(name="chosen-phone", says="选好了 chosen", of=_CHECK, shows="sender/chosen.html", path=_COUNTER, first=do.chosen),
    _sender(name="ways-phone-en", says="改选，英文 a change of mind", of=f"{_CHECK}/ways", shows="sender/ways.html", path=_COUNTER, first=do.again, english=True),
    _sender(name="help-phone", says="请人协助 help", of=f"{_CHECK}/help", shows="sender/help.html", path=_COUNTER, first=do.helped),
    _sender(name="consent-phone", says="刷脸的单独同意 consent to a face", of=f"{_CHECK}/consent", shows="sender/consent.html", path=_LOCKER, first=do.consent),
    _sender(name="device-phone-dark", says="同意后等终端，深色 at the device, dark", of=_CHECK, shows="sender/device.html", path=_LOCKER, first=do.agreed, dark=True),
    _sender(name="receipt-phone", says="回执 receipt", of="r/<str:code>", shows="receipt.html", path=_DESK, first=do.receipt),
    _sender(name="receipt-phone-en", says="回执，英文 in English", of="r/<str:code>", path=_DESK, first=do.receipt, english=True),
    _sender(name="my-phone", says="凭回执码查看 by the receipt's code", of="my", shows="mydata/enter.html"),
    _sender(name="mydata-phone", says="我的信息 my data", of="my/<str:code>", shows="mydata/overview.html", path=_DESK, first=do.mine),
    _sender(name="mydata-erase-phone-en", says="删除，英文 erase", of="my/<str:code>/<str:right>", shows="mydata/right.html", path=_DESK, first=do.erasing, english=True),
    _sender(name="mydata-handed-phone", says="查阅的答复 what is kept, handed over", of="my/<str:code>/<str:right>", shows="mydata/handed.html", path=_DESK, first=do.handed),
    _sender(name="mydata-request-phone-large", says="投诉办到哪里，150 % a complaint, at 150 %", of="my/<str:code>/q/<str:number>", shows="mydata/request.html", path=_DESK, first=do.complained, large=2),
    _sender(name="report-phone", says="举报 report", of="report", shows="report/form.html", also=("report/<str:scene>",)),
    _sender(name="report-follow-phone-en", says="举报办到哪里，英文 how a report stands", of="report/f/<str:code>", shows="report/follow.html", path="/report/shili-counter", first=do.said, english=True),
    _sender(name="who-phone", says="谁在处理 who processes", of="who/<str:scene>", shows="duty/who.html", path="/who/shili-counter"),
    _sender(name="told-phone", says="事件公告 incidents told", of="incidents", shows="duty/announced.html"),
    _sender(name="fault-phone", says="没有这个页面 a fault", of="nowhere", shows="fault.html"),
    _sender(name="log", says="存证公示 the log", of="log/", shows="log.html", size="desk"),
    # Shared screens.
    _kiosk(name="sender-kiosk", says="柜机 a locker", of="s/<str:scene>", path=_LOCKER),
    _kiosk(name="vending-kiosk", says="售货机 a vending machine", of="s/<str:scene>", path="/s/yangpin-campus"),
    _kiosk(name="kiosk-still", says="还在吗 still there?", of="k/<str:scene>/still", shows="kiosk/still.html", path="/k/yangli-locker-send/still"),
    # The desk.
    _desk(name="desk-signin", says="用密钥登录柜台 sign in by key", of="desk/signin", shows="desk/signin.html", door="console", path="/desk/signin"),
    _desk(name="desk-places", says="选择场景 which scene", of="desk", shows="desk/places.html", path="/desk"),
    _desk(name="desk", says="柜台 the desk", of=_AT, shows="desk/ready.html"),
    _desk(name="desk-compare", says="核对 compare", of=f"{_AT}/scan", shows="desk/compare.html", first=do.compared),
    _desk(name="desk-entry", says="口头说的方式 a way that was said", of=_OWN, shows="desk/entry.html", first=do.spoken),
    _desk(name="desk-choose-en", says="请人协助，英文 help was asked for", of=_OWN, shows="desk/choose.html", path=_COUNTER, first=do.asks_again, english=True),
    _desk(name="desk-device-dark", says="刷脸由本人决定，深色 a face is the person's own", of=_OWN, shows="desk/device.html", path=_LOCKER, first=do.at_the_device, dark=True),
    _desk(name="desk-passed", says="通过 passed", of=_OWN, shows="desk/outcome.html", first=do.passed),
    _desk(name="desk-refused", says="不予收寄 refused", of=_OWN, first=do.refused),
    _desk(name="desk-line", says="断线时记下一笔 noted without a line", of=_AT, shows="desk/offline.html", also=(f"{_AT}/offline",), first=do.without_line),
    _desk(name="desk-queue", says="待补录 the queue", of=_AT, first=do.queue),
    _sender(name="desk-queue-phone-en", says="待补录，英文、深色 in English, dark", of=_AT, path=_DESK, first=do.queue, english=True, dark=True),
    _sender(name="training-phone", says="培训 training", of="desk/training", shows="desk/courses.html", door="console", role="clerk"),
    _sender(name="training-course-phone-en", says="一门课，英文 a course", of="desk/training/<str:course>", shows="desk/course.html", door="console", role="clerk", path="/desk/training", first=do.course, english=True),
    # The demo.
    _desk(name="demo", says="演示 the demo", of="demo", shows="demo/incidents.html", path="/demo"),
    _desk(name="demo-played", says="演示一件 one incident", of="demo/<str:incident>", shows="demo/play.html", path="/demo/N1", first=do.played),
    # Accounts of staff.
    _staff(name="staff-login", says="员工登录 sign in", of="staff/login/", shows="account/login.html"),
    _staff(name="staff-enrol", says="登记链接 an invitation", of="staff/enrol/<str:token>", shows="staff/enrol.html", path="/staff/login/", then=do.enrolling),
    _staff(name="staff-home", says="收寄员的首页 a clerk's home", of="staff/", shows="staff/home.html", role="clerk"),
    _staff(name="staff-people", says="员工 people", of="staff/people/", shows="staff/people.html", role="administrator", first=do.invited),
    Picture(name="staff-people-phone-en", says="员工，英文、深色 in English, dark", of="staff/people/", door="staff", role="administrator", english=True, dark=True),
    _staff(name="staff-sessions", says="登录设备 sessions", of="staff/sessions/", shows="usersessions/usersession_list.html", role="administrator"),
    Picture(name="staff-keys-phone", says="钥匙 keys", of="staff/keys/", shows="mfa/index.html", door="staff", role="administrator"),
    _staff(name="staff-passkeys", says="通行密钥 passkeys", of="staff/keys/webauthn/", shows="mfa/webauthn/authenticator_list.html", role="clerk"),
    _staff(name="staff-passkey-add", says="添加通行密钥 another passkey", of="staff/keys/webauthn/add/", shows="mfa/webauthn/add_form.html", role="clerk"),
    _staff(name="staff-passkey-remove-en", says="删除通行密钥，英文 remove a passkey", of="staff/keys/webauthn/keys/<int:pk>/remove/", shows="mfa/webauthn/authenticator_confirm_delete.html", role="clerk", path="/staff/keys/webauthn/", first=do.removing, english=True),
    _staff(name="staff-passkey-again", says="再确认一次，用通行密钥 asked again, by passkey", of="staff/keys/webauthn/reauthenticate/", shows="mfa/webauthn/reauthenticate.html", role="clerk"),
    _staff(name="staff-codes", says="恢复码 recovery codes", of="staff/keys/recovery-codes/", shows="mfa/recovery_codes/index.html", role="clerk"),
    _staff(name="staff-codes-new-dark", says="重新生成恢复码，深色 new codes", of="staff/keys/recovery-codes/generate/", shows="mfa/recovery_codes/generate.html", role="clerk", dark=True),
    _staff(name="staff-password-set", says="设置密码 set a password", of="staff/password/set/", shows="account/password_set.html", role="clerk"),
    Picture(name="staff-totp-phone", says="启用验证器 an authenticator", of="staff/keys/totp/activate/", shows="mfa/totp/activate_form.html", door="staff", role="clerk"),
    _manager(name="staff-password-change", says="修改密码 another password", of="staff/password/change/", shows="account/password_change.html", first=do.changing),
    _manager(name="staff-totp-stop-en", says="停用验证器，英文 stop it", of="staff/keys/totp/deactivate/", shows="mfa/totp/deactivate_form.html", first=do.without_totp, english=True),
    _manager(name="staff-again-password", says="再确认一次，用密码 asked again, by password", of="staff/reauthenticate/", shows="account/reauthenticate.html", first=do.by_password),
    _manager(name="staff-again-code", says="再确认一次，用验证器 asked again, by code", of="staff/keys/reauthenticate/", shows="mfa/reauthenticate.html", first=do.by_code),
    _manager(name="staff-second-step", says="第二步 the second step", of="staff/keys/authenticate/", shows="mfa/authenticate.html", then=do.second_step),
    _staff(name="staff-logout", says="退出 sign out", of="staff/logout/", shows="account/logout.html", role="clerk"),
    _staff(name="staff-inactive", says="账户已停用 an account that ended", of="staff/inactive/", shows="account/account_inactive.html"),
    _staff(name="staff-signon-cancelled", says="单点登录取消了 single sign-on cancelled", of="staff/social/login/cancelled/", shows="socialaccount/login_cancelled.html"),
    _staff(name="staff-signon-failed-en", says="单点登录没有成功，英文 single sign-on failed", of="staff/social/login/error/", shows="socialaccount/authentication_error.html", english=True),
    # The officer.
    _officer(name="console", says="合规负责人 the officer's console", of="staff/console/", shows="staff/console/home.html"),
    Picture(name="console-phone-dark", says="控制台，深色 dark", of="staff/console/", door="console", role="officer", dark=True),
    _officer(name="console-scenes", says="全部场景 scenes", of="staff/console/scenes/", shows="staff/console/scenes.html"),
    _officer(name="console-scene", says="一个场景 one scene", of="staff/console/scenes/<str:scene>", shows="staff/console/scene.html", path="/staff/console/scenes/locker-00005"),
    _officer(name="console-choices", says="方式与区间 choices with intervals", of="staff/console/parity/", shows="staff/console/parity.html", english=True),
    _officer(name="console-notices", says="在用的告知 notices in use", of="staff/console/notices/", shows="staff/console/notices.html"),
    _officer(name="console-notice", says="一份告知，两种语言 one notice", of="staff/console/notices/<str:digest>", shows="staff/console/notice.html", path="/staff/console/notices/", first=do.one_notice),
    _officer(name="console-consents", says="同意 consents", of="staff/console/consents/", shows="staff/console/consents.html", english=True),
    _officer(name="console-devices", says="终端 devices", of="staff/console/devices/", shows="staff/console/devices.html"),
    _officer(name="console-people", says="人员 people", of="staff/console/people/", shows="staff/console/people.html"),
    _officer(name="console-search", says="按目的查找 search by purpose", of="staff/console/search/", shows="staff/console/search.html", then=do.searched),
    _officer(name="console-looks", says="查看的批准 looks that need a second person", of="staff/console/looks/", shows="staff/console/looks.html"),
    _officer(name="console-visits", says="检查人员的查看 an inspector's looks", of="staff/console/visits/", shows="staff/console/visits.html"),
    _officer(name="duties", says="义务看板 duties", of="desk/duties", shows="desk/duties.html"),
    _desk(name="desk-request", says="办理一件请求 a person's request", of="desk/requests/<str:number>", shows="desk/request.html", first=do.complaint),
    _officer(name="notices", says="告知的版本 notices", of="desk/notices", shows="desk/notices.html"),
    _officer(name="notice-draft", says="起草下一版 the next version", of="desk/notices/<str:family>", shows="desk/notice.html", path="/desk/notices", first=do.drafted),
    _officer(name="reports", says="举报的办理 reports", of="desk/reports", shows="desk/reports.html"),
    _desk(name="desk-report-en", says="办理一件举报，英文 one report", of="desk/reports/<str:number>", shows="desk/report.html", path="/report/shili-counter", first=do.reported, english=True),
    _officer(name="assessments", says="影响评估的清单 assessments", of="desk/assessments", shows="duty/assessments.html"),
    _officer(name="assessment", says="影响评估 an assessment", of="desk/assessments/<str:number>", shows="duty/assessment.html", path="/desk/assessments", first=do.assessing),
    _officer(name="assessment-part", says="评估的一部分 one part", of="desk/assessments/<str:number>/<str:name>", shows="duty/part.html", path="/desk/assessments", first=do.part),
    _officer(name="assessment-rating-en", says="评估的风险，英文 its risks", of="desk/assessments/<str:number>/<str:name>", path="/desk/assessments", first=do.rating, english=True),
    _officer(name="incidents", says="事件的清单 incidents", of="desk/incidents", shows="duty/incidents.html"),
    _officer(name="incident", says="安全事件 an incident", of="desk/incidents/<str:number>", shows="duty/incident.html", path="/desk/incidents", first=do.suspected),
    _officer(name="faces", says="存了多少人脸 stored faces", of="desk/faces", shows="duty/faces.html"),
    _officer(name="parties", says="受托方与接收方 processors", of="desk/parties", shows="duty/parties.html"),
    _officer(name="party", says="一个受托方 one processor", of="desk/parties/<str:number>", shows="duty/party.html", path="/desk/parties", first=do.contracted),
    _officer(name="register", says="处理活动清单 register of processing", of="desk/register", shows="desk/register.html"),
    _officer(name="selfcheck", says="合规自查 the self-check", of="desk/selfcheck", shows="desk/selfcheck.html"),
    _officer(name="thresholds", says="门槛 thresholds", of="desk/thresholds", shows="desk/thresholds.html", english=True),
    _officer(name="access", says="谁能看 who has access", of="desk/access", shows="desk/access.html", english=True),
    # The inspector.
    _inspector(name="inspection-mandates", says="检查授权 mandates", of="staff/inspection/", shows="staff/inspector/mandates.html"),
    _inspector(name="inspection", says="检查人员 the inspector", of="staff/inspection/<str:mandate>/", shows="staff/inspector/mandate.html", path="/staff/inspection/{mandate}/"),
    _inspector(name="inspection-sample", says="抽样 the sample", of="staff/inspection/<str:mandate>/sample", shows="staff/inspector/sample.html", path="/staff/inspection/{mandate}/sample", english=True),
    Picture(name="inspection-check-phone", says="一次查验 one check", of="staff/inspection/<str:mandate>/sample/<int:number>", shows="staff/inspector/check.html", door="console", role="inspector", path="/staff/inspection/{mandate}/sample/1"),
    _inspector(name="inspection-heads", says="存证的头与离线核验 the log's head, verified offline", of="staff/inspection/<str:mandate>/heads", shows="staff/inspector/heads.html", path="/staff/inspection/{mandate}/heads"),
    # The integrator.
    _integrator(name="integrator", says="接口客户 API clients", of="staff/integrator/", shows="staff/integrator/clients.html"),
    _integrator(name="integrator-key", says="密钥只显示一次 a key, shown once", of="staff/integrator/", shows="staff/integrator/key.html", path="/staff/integrator/", first=do.keyed),
    _integrator(name="integrator-client", says="一个客户 one client", of="staff/integrator/clients/<str:name>", shows="staff/integrator/client.html", path="/staff/integrator/", first=do.one_client),
    _integrator(name="integrator-first", says="第一次调用 the first call", of="staff/integrator/clients/<str:name>/first", shows="staff/integrator/first.html", path="/staff/integrator/", first=do.first_call, english=True),
    _staff(name="integrator-calls", says="调用记录 its calls", of="staff/integrator/clients/<str:name>/calls", shows="staff/integrator/calls.html", role="integrator", path="/staff/integrator/", first=do.called),
    _integrator(name="integrator-webhooks", says="结果订阅 webhooks", of="staff/integrator/webhooks/", shows="staff/integrator/hooks.html"),
    _integrator(name="integrator-secret", says="签名密钥只显示一次 a secret, shown once", of="staff/integrator/webhooks/", shows="staff/integrator/secret.html", path="/staff/integrator/webhooks/", first=do.hooked),
    _integrator(name="integrator-webhook-en", says="一个订阅，英文 one webhook", of="staff/integrator/webhooks/<str:name>", shows="staff/integrator/hook.html", path="/staff/integrator/webhooks/", first=do.one_hook, english=True),
    Picture(name="integrator-sandbox-phone", says="沙箱 the sandbox", of="staff/integrator/sandbox/", shows="staff/integrator/sandbox.html", door="console", role="integrator"),
    # The own screens of a locker, a kiosk and a vending machine.
    _machine(name="machine-home", says="终端自己的屏幕 the machine's own screen", of="/"),
    _machine(name="machine-code", says="凭取件码 by code", of="/collect", path="/", first=do.coded),
    _machine(name="machine-wrong-code", says="码不对 a code that opens nothing", of="/collect", path="/", first=do.wrong_code),
    _machine(name="machine-other", says="替别人取 for somebody else", of="/collect-for"),
    _machine(name="machine-card", says="证件放读卡器 the card on the reader", of="/card"),
    _machine(name="machine-card-passed", says="核验通过 passed by card", of="/card", first=do.by_card),
    _machine(name="machine-order", says="下单码加证件 order code and card", of="/order-code"),
    _machine(name="machine-staff", says="工作人员开柜 opened by staff", of="/staff"),
    _machine(name="machine-deposit", says="投放快件 a parcel is placed", of="/deposit"),
    _machine(name="machine-deposit-code", says="取件码，只显示一次 its code, shown once", of="/deposit", first=do.placed),
    _machine(name="machine-consent", says="终端上的同意 consent", of="/face", path="/", first=do.asked),
    _machine(name="machine-look", says="摄像头打开时 looking", of="/face/look", path="/", first=do.looking),
    _machine(name="machine-end", says="核验通过，留下 0 帧 passed, nothing kept", of="/face/end", path="/", first=do.looked),
    _machine(name="machine-kept", says="证件和已存脸：先输号码 card and kept face: the number first", of="/kept"),
    _machine(name="machine-mine", says="我的授权 my consents", of="/mine"),
    _machine(name="machine-state", says="本机状况 how the machine is", of="/state"),
    _machine(name="machine-still", says="还在办理吗 is anybody there", of="/still"),
    _machine(name="machine-home-dark", says="深色 dark", of="/", dark=True),
    _machine(name="machine-home-large", says="大字 large letters", of="/", large=1),
    _machine(name="machine-code-large", says="凭取件码，大字 by code, large", of="/collect", large=1),
    _machine(name="machine-consent-large-dark", says="终端上的同意，大字、深色 consent, large and dark", of="/face", path="/", first=do.asked, large=1, dark=True),
    _own_kiosk(name="kiosk-own", says="柜台旁的终端 a kiosk beside a counter", of="/"),
    _own_kiosk(name="kiosk-own-passed", says="核验通过，交给收寄员 passed, handed over", of="/card", first=do.by_card),
    _vending(name="vending-home", says="售货机自己的屏幕 the vending machine's own screen", of="/"),
    _vending(name="vending-home-large", says="售货机，大字 a vending machine, large", of="/", large=1),
    _vending(name="vending-ways", says="每种付款方式 every way to pay", of="/", first=do.ordered),
    _vending(name="vending-pay", says="付款 pay", of="/pay", path="/", first=do.paying),
    _vending(name="vending-paid", says="请取货 thank you", of="/pay", path="/", first=do.paid),
    _vending(name="machine-remember", says="记住我 remember me", of="/remember", path="/", first=do.remembered),
    _vending(name="vending-kept", says="您的号码 the number to keep", of="/face/end", path="/", first=do.kept),
    _vending(name="vending-number", says="输入您的号码 your number", of="/face", path="/", first=do.numbered),
    _vending(name="vending-claim", says="号码对了，再问一次 asked again with the number", of="/face/claim", path="/", first=do.claimed),
    # A station's own pages.
    _station(name="station", says="看证件 a document", of="/"),
    _station(name="station-type", says="直接输入 typed", of="/type", path="/type"),
    _station(name="station-read", says="识读后核对 read, to be looked at", of="/read", then=do.read),
    _station(name="station-sent", says="查验通过 passed", of="/send", then=do.sent),
)  # fmt: skip

NO_PICTURE: Final = {
    "k/<str:scene>": "leads to the scene's page",
    "c/<str:check>/choose": "leads on", "c/<str:check>/withdraw": "leads on",
    "r/<str:code>/file": "a file", "r/<str:code>/consent": "a file",
    "r/<str:code>/proof/<int:number>": "a file",
    "my/<str:code>/consent-record": "a file",
    "my/<str:code>/q/<str:number>/certificate": "a file",
    "report/f": "leads on",
    "desk/signout": "leads on", "desk/line": "an answer for the queue's script",
    "desk/later": "an answer for the queue's script", "desk/worker.js": "a script",
    "desk/duties/calendar.ics": "a file", "desk/paper/<str:kind>/<str:number>": "a file",
    "desk/at/<str:scene>/say": "leads on",
    "desk/check/<str:check>/say": "leads on", "desk/check/<str:check>/end": "leads on",
    "desk/check/<str:check>/show": "the page of comparison again, or leads on",
    "desk/assessments/<str:number>/<str:tongue>.pdf": "a file", "desk/faces/<str:tongue>.pdf": "a file",
    "static/<str:digest>/<str:name>": "a file",
    "staff/lock/": "leads on", "staff/inspection/<str:mandate>/packet": "a file",
    "staff/signon/<str:provider_id>/login/": "leads to the provider",
    "staff/signon/<str:provider_id>/login/callback/": "leads on, or to a page that is taken",
    "staff/keys/webauthn/login/": "an answer for the passkey's script",
}  # fmt: skip
"""Addresses of the house that show no page of their own, each with its reason."""

NO_PICTURE_OF_SCREENS: Final = {
    "/size": "an answer for the screen's script",
    "/static/{name}": "files", "/static/station.css": "a file",
    "/left": "leads on",
    "/face/state": "an answer for the screen's script", "/health": "an answer for a program",
    "/order": "leads on", "/take": "the form of /read, filled from the station's own camera",
    "/scan": "the form of /read, filled from the station's own scanner",
    "/mine/delete": "the words of /mine after one press",
    "/face/consent": "leads on", "/face/again": "leads on", "/face/stop": "leads on",
}  # fmt: skip
"""The same of machines' and stations' own screens."""
