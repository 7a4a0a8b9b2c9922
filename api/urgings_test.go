package api_test

import (
	"net/http"
	"strings"
	"testing"

	"xuncha/api"
	"xuncha/api/apitest"
	"xuncha/inspection"
	"xuncha/inspection/documents"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// ladder is a county whose letters answer over HTTP, with an item that is overdue by
// 36 days.
type ladder struct {
	*apitest.Server
	office tenants.Tenant
	unit   inspection.UnitID
	room   *rectification.Reminders // as a job runs it
	item   string
}

func newLadder(t *testing.T, policy string) *ladder {
	t.Helper()
	clock := inspection.ClockAt(tenantstest.Now)
	cal := inspection.PublishedCalendar()
	l := &ladder{Server: apitest.New(t, func(h *tenantstest.House) api.Rooms {
		reminders := &rectification.Reminders{DB: h.DB, Clock: clock, Calendar: cal}
		return api.Rooms{Reminders: reminders, Documents: &documents.Service{DB: h.DB, Clock: clock, Reminders: reminders}}
	})}
	l.room = &rectification.Reminders{DB: l.Jobs, Clock: clock, Calendar: cal}
	l.office = l.County[0][0]
	l.unit = l.Unit(l.office, "县农业农村局")
	l.Root(`insert into policies (tenant_id, version, body) values ($1, 1, $2::jsonb)`, l.City[0].ID, policy)
	l.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
		values ($1, gen_random_uuid(), 'KA-05-01-001', $2, $3, 1, 1, '某问题', '2026-07-10 09:00+08', '2026-07-10')`, l.office.ID, l.Round(l.office), l.unit)
	l.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, due_set_at, issued_at)
		select tenant_id, id, unit_id, 'working', '2026-10-15', issued_at, issued_at from findings`)
	l.item = tenantstest.RootValue[string](l.House, `select id::text from findings`)
	for _, scan := range []func() error{
		func() error { return l.room.Scan(t.Context(), tenants.ForJob(l.office, "remind")) },
		func() error { return l.room.ScanBelow(t.Context(), tenants.ForJob(l.City[0], "urge")) },
	} {
		if err := scan(); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func (l *ladder) acts(role tenants.Role, unit ...inspection.UnitID) *apitest.Client {
	return l.As(l.House.As(l.office, role, unit...))
}

// waiting returns the one letter of a rung that waits.
func (l *ladder) waiting(t *testing.T, c *apitest.Client, rung string) string {
	t.Helper()
	return tenantstest.RootValue[string](l.House, `select id::text from reminders where rung = $1 and state = 'waiting'`, rung)
}

// toSign is a letter for signing, as it is worded now.
func toSign(h *tenantstest.House, id string) map[string]any {
	wording := tenantstest.RootValue[int](h, `select coalesce((select version from letters where reminder_id = $1), 0)`, id)
	return map[string]any{"letters": []any{map[string]any{"id": id, "wording": wording}}}
}

const cityUrges = `{"ladder_below": [{"rung": "T+30市", "offset": 30, "title": "市级督办通知", "document": "督查", "to": ["DIR"], "signer": "CITY"}]}`

// TestLettersOverHTTP carries an admonition from its wording to its receipt and its
// talk, and the leading group's proposal back to the office.
func TestLettersOverHTTP(t *testing.T) {
	t.Parallel()
	l := newLadder(t, `{}`)
	dir, off, head, liaison, leader := l.acts(tenants.DIR), l.acts(tenants.OFF), l.acts(tenants.HEAD, l.unit), l.acts(tenants.UNIT, l.unit), l.acts(tenants.LG)
	id := l.waiting(t, dir, "T+15")
	path := "reminders/" + id

	var letter rectification.Letter
	tag := dir.Get(path+"/letter", &letter).Header.Get("ETag")
	if letter.Frozen || !letter.MayEdit || letter.Text.Number != "" {
		t.Errorf("the draft: %+v", letter)
	}
	patch := func(c *apitest.Client, want int, body any, headers ...string) apitest.Answer {
		a := c.Do(http.MethodPatch, path+"/letter", body, headers...)
		if a.Status != want {
			t.Errorf("PATCH = %d %s, want %d", a.Status, a.Body, want)
		}
		return a
	}
	ask := map[string]any{"ask": "请于三日内书面说明。"}
	patch(dir, http.StatusPreconditionRequired, ask)
	patch(dir, http.StatusPreconditionFailed, ask, "If-Match", `"7"`)
	patch(dir, http.StatusUnprocessableEntity, map[string]any{"ask": strings.Repeat("长", 501)}, "If-Match", tag)
	patch(dir, http.StatusUnprocessableEntity, map[string]any{"ask": ""}, "If-Match", tag)
	patch(dir, http.StatusOK, ask, "If-Match", tag)
	if a := head.Do(http.MethodGet, path+"/letter", nil); a.Status != http.StatusNotFound {
		t.Errorf("the head reads a draft: %d", a.Status)
	}
	sign := toSign(l.House, id)
	post(t, off, http.StatusForbidden, "reminders/sign", sign)
	post(t, head, http.StatusForbidden, "reminders/sign", sign)
	post(t, dir, http.StatusUnprocessableEntity, "reminders/sign", map[string]any{"letters": []any{}})
	first := post(t, dir, http.StatusOK, "reminders/sign", sign, "Idempotency-Key", "once")
	again := post(t, dir, http.StatusOK, "reminders/sign", sign, "Idempotency-Key", "once")
	if string(first.Body) != string(again.Body) || !strings.Contains(string(first.Body), "诫〔2026〕1号") {
		t.Errorf("signed: %s, again %s", first.Body, again.Body)
	}
	patch(dir, http.StatusConflict, ask, "If-Match", `"2"`)

	head.Get(path+"/letter", &letter)
	if !letter.Frozen || !letter.Intact || letter.Text.Ask != "请于三日内书面说明。" {
		t.Errorf("as sent: %+v", letter)
	}
	taken := post(t, head, http.StatusOK, path+"/letter/export", nil)
	if !strings.HasPrefix(string(taken.Body), "PK") || !strings.Contains(taken.Header.Get("Content-Disposition"), "docx") {
		t.Errorf("taken out: %.40q", taken.Body)
	}
	post(t, liaison, http.StatusForbidden, path+"/receipt", map[string]any{"sign": true})
	var m rectification.Reminder
	post(t, head, http.StatusOK, path+"/receipt", map[string]any{"sign": true}).Into(t, &m)
	if len(m.Receipts) != 1 || m.Receipts[0].SignedAt == nil {
		t.Errorf("receipts %+v", m.Receipts)
	}

	talk := map[string]any{"held_on": "2026-11-20", "talker": "葛某", "talked_to": "冯某", "summary": "问及原因。", "result": "限期完成。"}
	post(t, head, http.StatusForbidden, path+"/talk", talk)
	for field, wrong := range map[string]any{"held_on": "2026-11-19", "talker": "", "result": strings.Repeat("长", 501), "summary": "a\x00b"} {
		bad := map[string]any{}
		for k, v := range talk {
			bad[k] = v
		}
		bad[field] = wrong
		if a := dir.Do(http.MethodPost, path+"/talk", bad); a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusBadRequest {
			t.Errorf("a talk with a wrong %s = %d %s", field, a.Status, a.Body)
		}
	}
	post(t, dir, http.StatusOK, path+"/talk", talk).Into(t, &m)
	if m.Talked == nil || m.Talked.TalkedTo != "冯某" {
		t.Errorf("talked %+v", m.Talked)
	}
	post(t, dir, http.StatusConflict, path+"/talk", talk)

	// The leading group sends the proposal back, with its reason, and no number is used.
	proposal := "reminders/" + l.waiting(t, leader, "T+30")
	post(t, leader, http.StatusUnprocessableEntity, proposal+"/drop", map[string]any{"reason": " "})
	post(t, dir, http.StatusForbidden, proposal+"/drop", map[string]any{"reason": "先由分管领导约谈"})
	post(t, leader, http.StatusOK, proposal+"/drop", map[string]any{"reason": "先由分管领导约谈"}).Into(t, &m)
	if m.State != rectification.ReminderDropped || m.Note != "先由分管领导约谈" || m.Number != "" {
		t.Errorf("returned %+v", m)
	}
	post(t, leader, http.StatusConflict, proposal+"/drop", map[string]any{"reason": "先由分管领导约谈"})
	if a := head.Do(http.MethodGet, proposal+"/letter", nil); a.Status != http.StatusNotFound {
		t.Errorf("the head reads what the leading group decided: %d", a.Status)
	}
	var chain rectification.Chain
	head.Get("items/"+l.item+"/reminders", &chain)
	for _, sent := range chain.Sent {
		if sent.Rung == "T+30" || sent.Talked != nil {
			t.Errorf("the head sees %+v", sent)
		}
	}
}

// TestUrgingsOverHTTP carries an urging from the city's list to the county's receipt;
// who is no side of it finds nothing.
func TestUrgingsOverHTTP(t *testing.T) {
	t.Parallel()
	l := newLadder(t, cityUrges)
	city, dir := l.As(l.House.As(l.City[0], tenants.CITY)), l.acts(tenants.DIR)
	sibling, head := l.As(l.House.As(l.County[0][1], tenants.DIR)), l.acts(tenants.HEAD, l.unit)
	var p inspection.Page[rectification.Urging]
	city.Get("urgings?limit=10", &p)
	if len(p.Items) != 1 || p.Total != 1 || len(p.Items[0].Allowed) != 2 {
		t.Fatalf("the city's list: %+v", p)
	}
	path := "urgings/" + p.Items[0].ID.String()
	for _, bad := range []string{"urgings?limit=101", "urgings?limit=0", "urgings?cursor=x", "urgings?nothing=1"} {
		if a := city.Do(http.MethodGet, bad, nil); a.Status < 400 || a.Status >= 500 {
			t.Errorf("%s = %d", bad, a.Status)
		}
	}
	for who, c := range map[string]*apitest.Client{"the county": dir, "a sibling": sibling} {
		if a := c.Do(http.MethodGet, path, nil); a.Status != http.StatusNotFound {
			t.Errorf("%s reads what waits above: %d", who, a.Status)
		}
	}
	if a := head.Do(http.MethodGet, path, nil); a.Status != http.StatusForbidden && a.Status != http.StatusNotFound {
		t.Errorf("the unit reads it: %d", a.Status)
	}
	post(t, dir, http.StatusForbidden, path+"/sign", nil)
	first := post(t, city, http.StatusOK, path+"/sign", nil, "Idempotency-Key", "once")
	again := post(t, city, http.StatusOK, path+"/sign", nil, "Idempotency-Key", "once")
	if string(first.Body) != string(again.Body) {
		t.Errorf("signed again: %s, first %s", again.Body, first.Body)
	}
	post(t, city, http.StatusConflict, path+"/drop", map[string]any{"reason": "误发"})
	var g rectification.Urging
	dir.Get(path, &g)
	if !g.Intact || g.Number == "" || g.State != rectification.UrgingSent {
		t.Errorf("as sent: %+v", g)
	}
	taken := post(t, dir, http.StatusOK, path+"/export", nil)
	if !strings.HasPrefix(string(taken.Body), "PK") {
		t.Errorf("taken out: %.40q", taken.Body)
	}
	post(t, sibling, http.StatusNotFound, path+"/receipt", nil)
	post(t, dir, http.StatusOK, path+"/receipt", nil).Into(t, &g)
	if g.State != rectification.UrgingReceived || g.ReceivedAt == nil {
		t.Errorf("received: %+v", g)
	}
	post(t, dir, http.StatusConflict, path+"/receipt", nil)
	l.Root(`update urgings set text = jsonb_set(text, '{ask}', '"不必整改。"')`)
	post(t, dir, http.StatusConflict, path+"/export", nil)
}
