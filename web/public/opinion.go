package public

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/inspection/disclosure/opinions"
)

// How much of what is sent is read, how long it may take to arrive, and how many an
// hour one address may send: opinions, and pages on the way to one or under a code.
// An office takes no more than so many an hour from everybody.
const (
	formBytes   = 64 << 10
	formArrives = 15 * time.Second
	perSender   = 3
	looksEach   = 60
	perOffice   = 300
)

// form is what somebody filled in, or is to fill in.
type form struct {
	said   opinions.Said
	agrees string // 1, 0 or nothing yet
	Trap   string // a field that nobody sees
	proof  string
	step   string
}

// fields are the names that the form sends.
var fields = []string{"item", "text", "unfixed", "name", "agree", "site", "proof", "step", "size"}

// choice is one finding that an opinion can be about.
type choice struct {
	No    int
	Title string
	On    bool
}

// sayView is P07: the form, the page on which it is checked, and what is told at the
// end.
type sayView struct {
	frame
	Number, Action string // of the 通报, and where the form goes
	NoticeTitle    string
	NoticePath     string
	AskPath        string
	Until          inspection.Day
	Shows          bool // some of what is said is shown
	Choices        []choice
	Said           opinions.Said
	Agree          string
	About          string
	Errors         inspection.Fields
	Alert          string
	Proof          string
	Receipt        opinions.Receipt
}

// Wrong is what is wrong with a field, or nothing.
func (v sayView) Wrong(name string) string {
	for _, f := range v.Errors {
		if f.Pointer == name {
			return f.Message
		}
	}
	return ""
}

// speak answers whoever has something to say, or asks what came of it. Nothing of it
// is kept for the next reader.
func (s *Site) speak(w http.ResponseWriter, r *http.Request, to address) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	p, err := s.spoken(ctx, w, r, to)
	gone, retracted := errors.AsType[*disclosure.Retracted](err)
	switch {
	case retracted:
		p = s.gone(ctx, to, gone)
	case inspection.KindOf(err) == inspection.NotFound:
		p = s.status(http.StatusNotFound, pageNotFound)
	case inspection.KindOf(err) == inspection.Conflict:
		e, _ := errors.AsType[*inspection.Error](err)
		p = s.status(http.StatusConflict, notice{frame: frame{Heading: "未能提交"}, Paragraphs: []string{e.Detail}})
	case errors.Is(err, errBadForm):
		p = s.status(http.StatusBadRequest, pageBadForm)
	case err != nil:
		if !inspection.Abandoned(ctx, err) {
			s.Log.ErrorContext(ctx, "opinion not taken", slog.Any("error", err))
		}
		p = s.status(http.StatusServiceUnavailable, pageNotTaken)
	}
	p.own = true
	s.send(w, r, p)
}

var (
	errBadForm  = errors.New("this is no form of ours")
	pageBadForm = notice{
		frame:      frame{Heading: "未能提交"},
		Paragraphs: []string{"收到的内容不完整或格式不对。请返回上一页，从页面上的表单提交。"},
	}
	pageNotTaken = notice{
		frame:      frame{Heading: "意见没有提交成功"},
		Paragraphs: []string{"服务正在恢复，刚才的意见没有收到。请返回上一页，稍后再提交。", "也可以拨打电话或来信。"},
	}
)

func (s *Site) spoken(ctx context.Context, w http.ResponseWriter, r *http.Request, to address) (page, error) {
	if s.Box == nil {
		return page{}, inspection.Errorf(inspection.NotFound, "not-found", "没有这个页面。")
	}
	reg, err := s.region(ctx)
	if err != nil {
		return page{}, err
	}
	at, err := reg.find(to.offices)
	if err != nil {
		return page{}, err
	}
	var sent url.Values
	if r.Method == http.MethodPost {
		if foreign(r, s.Base) {
			return page{}, errBadForm
		}
		if sent, err = readForm(w, r); err != nil {
			return page{}, err
		}
		if !s.rations.allow("look", s.sender(r), looksEach, s.Clock()) {
			w.Header().Set("Retry-After", "120")
			return s.status(http.StatusTooManyRequests, pageTooMany), nil
		}
	}
	if to.kind == kindAsk {
		return s.ask(ctx, to, at, sent)
	}
	return s.say(ctx, w, r, to, at, sent)
}

var pageTooMany = notice{
	frame:      frame{Heading: "操作过于频繁"},
	Paragraphs: []string{"请稍后再试。也可以拨打电话或来信。"},
}

// foreign reports whether a form was sent from a page of another site.
func foreign(r *http.Request, base *url.URL) bool {
	if from := r.Header.Get("Sec-Fetch-Site"); from != "" {
		return from != "same-origin" && from != "none"
	}
	origin, err := url.Parse(r.Header.Get("Origin"))
	return r.Header.Get("Origin") != "" && (err != nil || origin.Host != base.Host)
}

// readForm reads what a form of ours sends: little, each field once, none unknown.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
		return nil, errBadForm
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(formArrives)) // a recorder in a test has none
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, formBytes))
	if err != nil {
		return nil, errBadForm
	}
	sent, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, errBadForm
	}
	for name, values := range sent {
		if len(values) != 1 || !slices.Contains(fields, name) && name != "number" && name != "code" {
			return nil, errBadForm
		}
	}
	return sent, nil
}

// filled is what a form says.
func filled(number string, sent url.Values) form {
	f := form{
		said:   opinions.Said{Notice: number, Name: sent.Get("name"), Text: sent.Get("text"), NotFixed: sent.Get("unfixed") == "1"},
		agrees: sent.Get("agree"), Trap: sent.Get("site"), proof: sent.Get("proof"), step: sent.Get("step"),
	}
	if n, err := strconv.Atoi(sent.Get("item")); err == nil && n > 0 {
		f.said.Item = n
	}
	f.said.MayShow = f.agrees == "1"
	return f
}

// check says what is wrong with a form, with what it says in its clean form.
func (f *form) check(choices []choice) inspection.Fields {
	said, bad := f.said.Clean()
	f.said = said
	if f.agrees != "1" && f.agrees != "0" {
		bad = append(bad, inspection.Field{Pointer: "agree", Code: "required", Message: "请选择是否愿意公开。"})
	}
	if f.said.Item > len(choices) {
		bad = append(bad, inspection.Field{Pointer: "item", Code: "unknown", Message: "请从列表中选择一条。"})
	}
	if f.Trap != "" {
		bad = append(bad, inspection.Field{Pointer: "site", Code: "trap", Message: "“网址”一栏请留空。"})
	}
	return bad
}

// say is the way of one opinion: form, check, receipt.
func (s *Site) say(ctx context.Context, w http.ResponseWriter, r *http.Request, to address, at place, sent url.Values) (page, error) {
	pub, err := s.Reader.Page(ctx, at.office, to.number, 0)
	if err != nil {
		return page{}, err
	}
	shelf, err := s.Shelf.Of(ctx, at.office, to.number)
	if err != nil {
		return page{}, err
	}
	if shelf.Mode == opinions.Off || s.Clock.Today() > pub.OpinionsUntil {
		return page{}, inspection.Errorf(inspection.Conflict, "opinion.closed", "本页的意见征集已结束或没有开放，仍可来信来电。")
	}
	v, err := s.sayForm(to, at, pub, shelf.Mode)
	if err != nil {
		return page{}, err
	}
	if sent == nil {
		return show(http.StatusOK, "say.html", v)
	}
	v.Other = "" // the other type size would lose what was written
	f := filled(to.number, sent)
	v.Errors = f.check(v.Choices)
	v.fill(f)
	if len(v.Errors) > 0 {
		return show(http.StatusUnprocessableEntity, "say.html", v)
	}
	if f.step == "edit" {
		return show(http.StatusOK, "say.html", v)
	}
	if f.step != "send" {
		v.Proof = s.Box.Prove(f.said)
		return show(http.StatusOK, "check.html", v)
	}
	id, err := s.Box.Check(f.proof, f.said)
	if e, ok := errors.AsType[*inspection.Error](err); ok {
		v.Alert, v.Proof = e.Detail, s.Box.Prove(f.said)
		return show(http.StatusConflict, "check.html", v)
	}
	if !s.rations.allow("opinion", s.sender(r), perSender, s.Clock()) || !s.rations.allow("office", at.office.Slug, perOffice, s.Clock()) {
		w.Header().Set("Retry-After", "1200")
		v.Alert, v.Proof = "同一网络一小时内最多提交3条意见，这一条还没有提交。请稍后再提交，或者拨打电话、来信。", f.proof
		return show(http.StatusTooManyRequests, "check.html", v)
	}
	if v.Receipt, err = s.Box.Take(ctx, at.office, id, f.said); err != nil {
		return page{}, err
	}
	v.Title, v.Heading = "意见已提交 - "+v.Site, "意见已提交"
	return show(http.StatusOK, "said.html", v)
}

// sayForm is the empty form of a publication.
func (s *Site) sayForm(to address, at place, pub disclosure.Publication, mode opinions.Mode) (sayView, error) {
	to.kind, to.edition = kindSay, 0
	text := to
	text.kind = kindText
	v := sayView{
		frame: s.frame(to, at, "提交意见", "提交意见"), Number: pub.Number, Action: to.key(), NoticeTitle: pub.Title, NoticePath: text.key(),
		AskPath: address{kind: kindAsk, offices: to.offices, large: to.large}.key(), Until: pub.OpinionsUntil,
		Shows: mode == opinions.Show,
	}
	v.Crumbs = append(v.Crumbs[:len(v.Crumbs)-1], crumb{"整改情况通报", text.path()}, v.Crumbs[len(v.Crumbs)-1])
	var doc disclosure.Document
	if err := json.Unmarshal(pub.Data, &doc); err != nil {
		return v, fmt.Errorf("read publication: %w", err)
	}
	for _, it := range doc.Items {
		v.Choices = append(v.Choices, choice{No: it.No, Title: it.Title})
	}
	return v, nil
}

// fill puts back into the form what was written.
func (v *sayView) fill(f form) {
	v.Said, v.Agree, v.About = f.said, f.agrees, "整份通报"
	for i := range v.Choices {
		if v.Choices[i].On = v.Choices[i].No == f.said.Item; v.Choices[i].On {
			v.About = fmt.Sprintf("第%d条　%s", f.said.Item, v.Choices[i].Title)
		}
	}
}

// askView is the page on which a writer asks what came of an opinion.
type askView struct {
	frame
	Action string
	Number string
	Wrong  string
	Answer *opinions.Answer
	Status string
}

// ask is the page under number and code. The code is sent, and never part of an
// address.
func (s *Site) ask(ctx context.Context, to address, at place, sent url.Values) (page, error) {
	v := askView{frame: s.frame(to, at, "查询意见办理情况", "意见查询"), Action: to.key()}
	if sent == nil {
		return show(http.StatusOK, "ask.html", v)
	}
	v.Other = ""
	number := strings.ToUpper(strings.TrimSpace(sent.Get("number")))
	code := sent.Get("code")
	if len(number) > 40 || len(code) > 80 {
		return page{}, errBadForm
	}
	a, err := s.Box.Ask(ctx, at.office, number, code)
	if inspection.KindOf(err) == inspection.NotFound {
		v.Wrong = "编号或查询码不对。请核对后重新输入；查询码共16位数字。"
		v.Number = number
		return show(http.StatusUnprocessableEntity, "ask.html", v)
	}
	if err != nil {
		return page{}, err
	}
	v.Number, v.Answer, v.Status = number, &a, whereabouts(a)
	return show(http.StatusOK, "ask.html", v)
}

// whereabouts says what came of an opinion, to its writer.
func whereabouts(a opinions.Answer) string {
	switch a.State {
	case opinions.Featured:
		return "已选登"
	case opinions.Passed:
		return "已转" + a.PassedTo + "办理"
	case opinions.Merged:
		return "与相同的意见合并办理"
	case opinions.Declined:
		return "未选登（" + a.Reason.Word() + "）。未选登不影响办理"
	}
	return "已收到，正在办理"
}
