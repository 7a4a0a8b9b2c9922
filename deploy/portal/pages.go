package portal

import (
	"bytes"
	_ "embed"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

//go:embed pages.html
var pagesHTML string

//go:embed style.css
var styleCSS string

var pages = template.Must(template.New("").Parse(pagesHTML))

// group is the people listed under one heading.
type group struct {
	Name   string
	People []Person
}

// groups gathers people under their headings, both in the order given.
func groups(people []Person) []group {
	var gs []group
	at := map[string]int{}
	for _, p := range people {
		name := p.Group
		if name == "" {
			name = p.OrgName
		}
		i, ok := at[name]
		if !ok {
			i = len(gs)
			at[name] = i
			gs = append(gs, group{Name: name})
		}
		gs[i].People = append(gs[i].People, p)
	}
	return gs
}

// page is everything a page may need.
type page struct {
	Title  string
	Notice string
	ID     string // the request on its way
	Groups []group
	Person Person
	Strong bool       // the application wants the second factor
	Fields url.Values // of the question that a person must confirm
	Detail string
}

// choose shows the people, unless the browser's session already answers.
func (p *Portal) choose(w http.ResponseWriter, r *http.Request) {
	req, err := p.store.request(r.FormValue("id"))
	if err != nil {
		p.lost(w, r)
		return
	}
	secret := cookieOf(r.Context())
	v, signedOn := p.store.session(secret)
	if signedOn && req.satisfied(v, time.Now()) {
		p.goOn(w, r, req, secret)
		return
	}
	if req.prompts(oidc.PromptNone) {
		op.AuthRequestError(w, r, req, oidc.ErrLoginRequired(), p.provider)
		return
	}
	hint := req.asked.LoginHint
	if hint == "" && !req.prompts(oidc.PromptSelectAccount) {
		hint = v.subject
	}
	if likely, ok := p.store.person("", hint); ok && r.FormValue("other") == "" {
		p.show(w, r, http.StatusOK, "confirm", page{Title: "确认登录", ID: req.id, Person: likely, Strong: req.strong()})
		return
	}
	p.show(w, r, http.StatusOK, "choose", page{Title: "选择登录人员", ID: req.id, Groups: groups(p.store.people())})
}

// chosen signs the chosen person on. Where the second factor is asked for, the
// person confirms on a page of its own first.
func (p *Portal) chosen(w http.ResponseWriter, r *http.Request) {
	req, err := p.store.request(r.FormValue("id"))
	person, ok := p.store.person(r.FormValue("person"), "")
	if err != nil || !ok {
		p.lost(w, r)
		return
	}
	acr := Basic
	if req.strong() {
		if r.FormValue("confirmed") == "" {
			p.show(w, r, http.StatusOK, "confirm", page{Title: "确认登录", ID: req.id, Person: person, Strong: true})
			return
		}
		acr = Strong
	}
	secret := p.store.recognise(cookieOf(r.Context()), person.Subject, acr)
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: secret, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	p.goOn(w, r, req, secret)
}

// goOn returns to the application with a code.
func (p *Portal) goOn(w http.ResponseWriter, r *http.Request, req *request, secret string) {
	if err := p.store.complete(req.id, secret); err != nil {
		p.lost(w, r)
		return
	}
	http.Redirect(w, r, op.AuthCallbackURL(p.provider)(r.Context(), req.id), http.StatusSeeOther)
}

func (p *Portal) lost(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, http.StatusBadRequest, "message", page{
		Title: "登录请求已失效", Detail: "登录请求已过期或已经用过。请回到业务系统重新登录。",
	})
}

// home says who is signed on, and lets them leave.
func (p *Portal) home(w http.ResponseWriter, r *http.Request) {
	v, ok := p.store.session(cookieOf(r.Context()))
	if !ok {
		p.show(w, r, http.StatusOK, "message", page{Title: "未登录", Detail: "当前没有人员登录。请从业务系统进入。"})
		return
	}
	person, _ := p.store.person(v.subject, "")
	p.show(w, r, http.StatusOK, "leave", page{Title: "已登录", Person: person})
}

// leave ends the browser's session from the portal's own page.
func (p *Portal) leave(w http.ResponseWriter, r *http.Request) {
	secret := cookieOf(r.Context())
	p.store.endSession(func(key string, _ *session) bool { return key == secret })
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// endSession lets an application end the session. Where the application does
// not show that it knows the session, the person is asked: a link on any page
// could lead here.
func (p *Portal) endSession(w http.ResponseWriter, r *http.Request) {
	v, ok := p.store.session(cookieOf(r.Context()))
	known := r.FormValue("id_token_hint") != "" || ok && r.FormValue("logout_hint") == v.sid
	if ok && !known && r.FormValue("confirmed") == "" {
		person, _ := p.store.person(v.subject, "")
		p.show(w, r, http.StatusOK, "end", page{Title: "退出登录", Person: person, Fields: r.Form})
		return
	}
	p.provider.ServeHTTP(w, r)
}

func (p *Portal) show(w http.ResponseWriter, r *http.Request, status int, name string, data page) {
	data.Notice = p.cfg.Notice
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		p.cfg.Log.ErrorContext(r.Context(), "page", slog.String("name", name), slog.Any("error", err))
		http.Error(w, "page", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action "+p.formAction())
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w)
}

// formAction lists where the pages' forms may lead: browsers apply the rule to
// the redirect back to the application as well.
func (p *Portal) formAction() string {
	to := []string{"'self'"}
	for _, c := range p.cfg.Clients {
		if u, err := url.Parse(c.RedirectURI); err == nil {
			to = append(to, u.Scheme+"://"+u.Host)
		}
	}
	return strings.Join(to, " ")
}

func style(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=3600")
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(styleCSS))
}
