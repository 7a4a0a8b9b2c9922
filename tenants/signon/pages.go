package signon

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"xuncha/inspection"
	"xuncha/tenants"
)

//go:embed page.html
var pageHTML string

//go:embed style.css
var styleCSS string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// page is what a person sees when sign-on does not simply lead on. Nothing that
// the portal or an address said is ever shown.
type page struct {
	Problem string // stable name, for tests and for support
	Title   string
	Detail  string
	Links   []link
	Leave   bool // offer to sign out
}

// link leads on; the first is what most people want.
type link struct{ Text, To string }

var again = link{"重新登录", "/auth/sign-in"}

var (
	pageSignedOut = page{Problem: "signed-out", Title: "已退出登录", Detail: "离开前请关闭浏览器窗口。", Links: []link{again}}
	pageState     = page{
		Problem: "login-state", Title: "登录请求已失效",
		Detail: "这次登录已过期、已完成，或不是在这个浏览器里发起的。", Links: []link{again, {"进入首页", "/"}},
	}
	pageDown = page{
		Problem: "idp-unavailable", Title: "统一身份认证暂时连接不上",
		Detail: "已经登录的人员不受影响，可继续工作。请稍后重新登录；仍不成功时，请联系本单位管理员。", Links: []link{again},
	}
	pageDatabase = page{
		Problem: "database-unavailable", Title: "暂时无法登录", Detail: "数据暂时无法读写。请稍后重新登录。", Links: []link{again},
	}
	pageOurs = page{
		Problem: "internal", Title: "暂时无法登录", Detail: "请稍后重新登录；仍不成功时，请联系本单位管理员。", Links: []link{again},
	}
	pageRefused = page{
		Problem: "login-refused", Title: "没有完成登录", Detail: "统一身份认证没有确认这次登录。", Links: []link{again},
	}
	pageFailed = page{
		Problem: "login-failed", Title: "未能登录",
		Detail: "登录凭据没有通过核验。请重新登录；仍不成功时，请联系本单位管理员。", Links: []link{again},
	}
	pageIncomplete = page{
		Problem: "login-incomplete", Title: "未能登录",
		Detail: "统一身份认证没有提供姓名，无法登记。请联系统一身份认证的管理员补全后再登录。", Links: []link{again},
	}
	pageNowhere = page{
		Problem: "login-nowhere", Title: "没有对应的巡察机构", Leave: true,
		Detail: "统一身份认证中的所在单位还没有在本系统开设巡察机构，未能登记。请联系上级巡察机构，或换一位人员登录。",
	}
	pageEnded = page{
		Problem: "account-ended", Title: "账号已停用", Leave: true, Detail: "如需继续使用，请联系本单位管理员。",
	}
	pageUnknown = page{Problem: "not-found", Title: "没有这个页面", Detail: "请从首页进入。", Links: []link{{"进入首页", "/"}}}
)

func registered(name string, office tenants.Tenant) page {
	return page{
		Problem: "member-pending", Title: "已登记，等待开通", Leave: true,
		Detail: fmt.Sprintf("%s，已登记，等待%s开通。开通后刷新本页即可进入。%s", name, office.Short, phone(office)),
		Links:  []link{{"刷新本页", "/auth/pending"}},
	}
}

func held(name string, office tenants.Tenant) page {
	return page{
		Problem: "identity-changed", Title: "姓名或单位有变化，等待核对", Leave: true,
		Detail: fmt.Sprintf("%s，统一身份认证中的姓名或单位与登记的不一致，需由%s核对。核对后刷新本页即可进入。%s",
			name, office.Short, phone(office)),
		Links: []link{{"刷新本页", "/auth/pending"}},
	}
}

func phone(office tenants.Tenant) string {
	if office.Phone == "" {
		return ""
	}
	return "联系电话：" + office.Phone + "。"
}

func leaving(to string) page {
	return page{
		Problem: "signing-out", Title: "正在退出登录", Detail: "已退出本系统，正在退出统一身份认证。",
		Links: []link{{"继续退出", to}},
	}
}

// unproven is what somebody sees whose step-up did not work out: the way back
// to what they were doing comes first.
func unproven(u underWay) page {
	return page{
		Problem: "step-up-required", Title: "没有完成再次验证",
		Detail: "需由本人再次验证身份。已填写的内容没有丢失，返回后可继续。",
		Links:  []link{{"返回", u.Return}, {"再次验证", "/auth/step-up?return=" + url.QueryEscape(u.Return)}},
	}
}

// fail shows what went wrong, and tells the log why.
func (d *Door) fail(w http.ResponseWriter, r *http.Request, err error) {
	d.failAt(w, r, err, underWay{})
}

// failAt is fail for a sign-on that was under way.
func (d *Door) failAt(w http.ResponseWriter, r *http.Request, err error, u underWay) {
	if inspection.Abandoned(r.Context(), err) {
		d.cfg.Log.DebugContext(r.Context(), "the browser went away during sign-on")
		w.WriteHeader(statusGone)
		return
	}
	status, p := http.StatusUnauthorized, pageFailed
	switch {
	case errors.Is(err, errState):
		status, p = http.StatusBadRequest, pageState
	case errors.Is(err, errDown), errors.Is(err, context.DeadlineExceeded):
		status, p = http.StatusServiceUnavailable, pageDown
	case inspection.KindOf(err) == inspection.Unavailable:
		status, p = http.StatusServiceUnavailable, pageDatabase
	case errors.Is(err, errOurs):
		status, p = http.StatusInternalServerError, pageOurs
	case errors.Is(err, errRefused), errors.Is(err, errWeak):
		status, p = http.StatusForbidden, pageRefused
	case errors.Is(err, errIncomplete):
		status, p = http.StatusForbidden, pageIncomplete
	}
	if u.Session != nil && status < http.StatusInternalServerError {
		status, p = http.StatusForbidden, unproven(u)
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	d.cfg.Log.Log(r.Context(), level(status), "sign-on failed", slog.String("problem", p.Problem), slog.String("reason", reason(err)))
	d.show(w, r, status, p)
}

// statusGone tells whoever measures us that nothing failed here: the browser did
// not wait. 499 is nginx's number for it.
const statusGone = 499

func level(status int) slog.Level {
	if status == http.StatusInternalServerError {
		return slog.LevelError
	}
	return slog.LevelWarn
}

// reason is an error for the log: what others wrote into it stays short.
func reason(err error) string {
	s := strings.ToValidUTF8(err.Error(), "?")
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:300], "") + "…"
	}
	return s
}

func (d *Door) unknown(w http.ResponseWriter, r *http.Request) {
	d.show(w, r, http.StatusNotFound, pageUnknown)
}

func (d *Door) show(w http.ResponseWriter, r *http.Request, status int, p page) {
	var b bytes.Buffer
	err := pageTemplate.Execute(&b, struct {
		page
		Notice string
	}{p, d.cfg.Notice})
	if err != nil {
		d.cfg.Log.ErrorContext(r.Context(), "page", slog.String("problem", p.Problem), slog.Any("error", err))
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // the browser went away: nobody to tell
}

func style(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=3600")
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(styleCSS))
}
