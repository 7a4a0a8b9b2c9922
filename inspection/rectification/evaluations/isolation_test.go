package evaluations_test

import (
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification/evaluations"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

var tables = []string{"evaluations", "evaluation_sheets", "evaluation_snapshots", "evaluation_results", "second_rectifications"}

// counts says how many rows of each table somebody sees.
func (h *house) counts(t *testing.T, s tenants.Scope) (n [5]int) {
	t.Helper()
	h.Do(h.House.DB, s, func(tx *tenants.Tx) error {
		for i, table := range tables {
			if err := tx.QueryRow(t.Context(), `select count(*) from `+table).Scan(&n[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return n
}

// tasks says what somebody has to do.
func (h *house) tasks(t *testing.T, s tenants.Scope) string {
	t.Helper()
	var all []string
	h.Do(h.House.DB, s, func(tx *tenants.Tx) error {
		tasks, err := h.Tasks(t.Context(), tx)
		for _, task := range tasks {
			all = append(all, task.Verb+" "+task.Title)
		}
		return err
	})
	return strings.Join(all, "；")
}

// TestIsolation: who sees what of an evaluation before and after it is made known,
// each refusal beside somebody who may (TRUST §2.2, row 29).
func TestIsolation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wide := func(s tenants.Scope) tenants.Scope { return tenantstest.Must(s.Subtree())(t) }
	city, prov := wide(h.As(h.City[0], tenants.CITY)), wide(h.As(h.Province, tenants.PROV))
	sibling, other := h.As(h.County[0][1], tenants.DIR), h.As(h.office, tenants.HEAD, h.Unit(h.office, "县教育局党组"))
	stranger := h.As(h.office, tenants.DISC)
	adm := h.As(h.office, tenants.ADM)
	h.Root(`update rectifications set state = 'open'`) // so that the grade is low
	e := h.finished(t)
	if e.Grade != "一般" {
		t.Fatalf("the fixture comes to %s, %v", e.Grade, e.Points)
	}
	before := []struct {
		who  string
		as   tenants.Scope
		want [5]int
	}{
		{"the office", h.off, [5]int{1, 1, 1, 0, 0}},
		{"the director", h.dir, [5]int{1, 1, 1, 0, 0}},
		{"the leading group", h.lg, [5]int{1, 1, 1, 0, 0}},
		{"the commission's person in the group", h.disc, [5]int{1, 1, 1, 0, 0}},
		{"another of the commission", stranger, [5]int{1, 0, 0, 0, 0}},
		{"the unit's liaison", h.liaison, [5]int{1, 0, 0, 0, 0}},
		{"the unit's head", h.head, [5]int{1, 0, 0, 0, 0}},
		{"another unit", other, [5]int{}},
		{"a team's person", h.team, [5]int{}},
		{"the administrator", adm, [5]int{}},
		{"a sibling county", sibling, [5]int{}},
		{"the city", city, [5]int{}},
		{"the province", prov, [5]int{}},
	}
	for _, tt := range before {
		if got := h.counts(t, tt.as); got != tt.want {
			t.Errorf("before, %s sees %v, want %v", tt.who, got, tt.want)
		}
	}
	unit := h.seen(t, h.liaison, e.ID)
	if unit.Points != nil || unit.Grade != "" || unit.Sheet != nil || unit.ChangedBy != "" {
		t.Errorf("before, the unit learns %v %q of %q", unit.Points, unit.Grade, unit.ChangedBy)
	}
	if n := tenantstest.RootValue[int](h.House, `select count(*) from journal where action in ('evaluation.enter', 'evaluation.finish') and unit_id is not null`); n != 0 {
		t.Errorf("%d entries about scoring are the unit's to read", n)
	}
	e = h.decide(t, e)
	h.Do(h.House.DB, h.dir, func(*tenants.Tx) error { return nil })
	e = tenantstest.Must(h.Announce(t.Context(), h.dir, e.ID, e.Version, evaluations.Announcing{Second: h.second(t, e)}))(t)
	after := []struct {
		who  string
		as   tenants.Scope
		want [5]int
	}{
		{"the unit's liaison", h.liaison, [5]int{1, 0, 0, 1, 1}},
		{"another unit", other, [5]int{}},
		{"a team's person", h.team, [5]int{}},
		{"the administrator", adm, [5]int{}},
		{"a sibling county", sibling, [5]int{}},
		{"the city", city, [5]int{1, 0, 0, 1, 1}},
		{"the province", prov, [5]int{1, 0, 0, 1, 1}},
		{"another of the commission", stranger, [5]int{1, 0, 0, 1, 1}},
		{"the office", h.off, [5]int{1, 1, 1, 1, 1}},
	}
	for _, tt := range after {
		if got := h.counts(t, tt.as); got != tt.want {
			t.Errorf("after, %s sees %v, want %v", tt.who, got, tt.want)
		}
	}
	above := h.seen(t, city, e.ID)
	if above.Told == nil || above.Sheet != nil || len(above.Allowed) != 0 {
		t.Errorf("the city sees %+v, may %v", above.Told, above.Allowed)
	}
	if n := tenantstest.RootValue[int](h.House, `select count(*) from journal where tenant_id = $1 and action = 'evaluation.read-above'`, h.office.ID); n != 1 {
		t.Errorf("%d entries about the city's reading, want 1", n)
	}
	_, err := h.Get(t.Context(), sibling, e.ID)
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
	_, err = h.Rescore(t.Context(), sibling, e.ID, e.Version, evaluations.Rescoring{Reason: "x"})
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
}

// TestNobodyElseWrites tries, past all Go, what is not one's own to write.
func TestNobodyElseWrites(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Root(`update rectifications set state = 'open'`)
	e := h.decide(t, h.finished(t))
	e = tenantstest.Must(h.Announce(t.Context(), h.dir, e.ID, e.Version, evaluations.Announcing{Second: h.second(t, e)}))(t)
	id := "'" + e.ID.String() + "'"
	fresh := `insert into evaluations (id, round_id, unit_id, edition, state, card, changed_name, changed_at)
		select gen_random_uuid(), round_id, unit_id, 7, 'self', card, 'x', now() from evaluations where id = ` + id
	tests := []struct {
		name string
		as   tenants.Scope
		sql  string
		want bool
	}{
		{"a unit begins its own evaluation", h.liaison, fresh, false},
		{"the office begins one", h.off, fresh, true},
		{"a unit changes what is known", h.head, `update evaluations set self_note = 'x' where id = ` + id, false},
		{"the office changes a sheet", h.off, `update evaluation_sheets set note = 'x' where evaluation_id = ` + id, true},
		{"a unit changes a sheet", h.head, `update evaluation_sheets set note = 'x'`, false},
		{"somebody of the commission who is not in the group changes a sheet", h.As(h.office, tenants.DISC), `update evaluation_sheets set note = 'x'`, false},
		{"the office changes a snapshot", h.off, `update evaluation_snapshots set by_name = 'x'`, false},
		{"the director changes a result", h.dir, `update evaluation_results set grade = '好'`, false},
		{"the director deletes a result", h.dir, `delete from evaluation_results`, false},
		{"a unit confirms its second rectification", h.head, `update second_rectifications set state = 'confirmed'`, false},
		{"a unit reports it", h.head, `update second_rectifications set state = 'reported'`, true},
		{"the office changes a card", h.off, `update score_cards set note = 'x'`, false},
		{"the office publishes a card", h.off, `insert into score_cards (key, version, body, note, at, by_name) values ('x', 1, '{}', 'x', now(), 'x')`, false},
		{"the director publishes a card", h.dir, `insert into score_cards (key, version, body, note, at, by_name) values ('x', 1, '{}', 'x', now(), 'x')`, true},
	}
	for _, tt := range tests {
		err := h.House.DB.In(t.Context(), tt.as, func(tx *tenants.Tx) error {
			tag, err := tx.Exec(t.Context(), tt.sql)
			if done := err == nil && tag.RowsAffected() > 0; done != tt.want {
				t.Errorf("%s: %d rows, %v", tt.name, tag.RowsAffected(), err)
			}
			return errUndo
		})
		if err == nil {
			t.Errorf("%s was not undone", tt.name)
		}
	}
}

var errUndo = inspection.Errorf(inspection.Conflict, "undo", "undo")

// TestGroup: nobody of the unit scores it, nobody approves what he scored, and
// everybody has on the desk what is his.
func TestGroup(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.begun(t, "six")
	if a, b := h.tasks(t, h.liaison), h.tasks(t, h.head); !strings.HasPrefix(a, "自评") || !strings.HasPrefix(b, "签署") {
		t.Errorf("the liaison has to do %q, the head %q", a, b)
	}
	e = tenantstest.Must(h.Waive(t.Context(), h.dir, e.ID, e.Version, evaluations.Saying{Note: "逾期未报自评。"}))(t)
	if a, b := h.tasks(t, h.off), h.tasks(t, h.liaison); !strings.HasPrefix(a, "组建") || b != "" {
		t.Errorf("the office has to do %q, the unit %q", a, b)
	}
	insider := h.As(h.office, tenants.OFF)
	h.Root(`insert into grants (tenant_id, id, member_id, role, unit_id, from_on) values ($1, gen_random_uuid(), $2, 'UNIT', $3, '2026-01-01')`,
		h.office.ID, insider.Member(), h.unit)
	chosen := func(ps ...tenants.Scope) (c evaluations.Convening) {
		for _, p := range ps {
			c.People = append(c.People, evaluations.Chosen{ID: p.Member(), Party: p.Role()})
		}
		return c
	}
	refused := []struct {
		name, code string
		c          evaluations.Convening
	}{
		{"somebody of the unit", "evaluation.invalid", chosen(h.off, h.disc, h.org, insider)},
		{"a team's person", "evaluation.invalid", chosen(h.off, h.disc, h.org, h.team)},
		{"somebody of another office", "evaluation.invalid", chosen(h.off, h.disc, h.org, h.As(h.County[0][1], tenants.OFF))},
		{"a party is missing", "evaluation.group", chosen(h.off, h.disc)},
		{"twice the same", "evaluation.invalid", chosen(h.off, h.disc, h.org, h.off)},
	}
	for _, tt := range refused {
		if _, err := h.Convene(t.Context(), h.dir, e.ID, e.Version, tt.c); inspection.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	e = tenantstest.Must(h.Convene(t.Context(), h.dir, e.ID, e.Version, chosen(h.off, h.disc, h.org)))(t)
	grades := map[tenants.Role]string{tenants.OFF: "好", tenants.DISC: "一般", tenants.ORG: "较好"}
	for _, by := range []tenants.Scope{h.off, h.disc, h.org} {
		if got := h.tasks(t, by); !strings.HasPrefix(got, "评分") {
			t.Errorf("%s has to do %q", by.Role(), got)
		}
		marks := []evaluations.Marking{}
		for _, a := range e.Card.Aspects {
			marks = append(marks, evaluations.Marking{Aspect: a.Key, Grade: grades[by.Role()]})
		}
		e = tenantstest.Must(h.Enter(t.Context(), by, e.ID, h.seen(t, h.off, e.ID).Version, evaluations.Entering{Marks: &marks, Survey: survey(t)}))(t)
	}
	e = tenantstest.Must(h.Finish(t.Context(), h.off, e.ID, e.Version))(t)
	if e.Grade != "较好" || e.Points != nil {
		t.Errorf("three parties come to %s, %v", e.Grade, e.Points)
	}
	both := tenants.ForGrant(tenants.Acting{
		Office: h.office, Member: h.off.Member(), Grant: h.off.Grant(), Name: "兼任", Role: tenants.DIR, Strong: tenantstest.Now,
	})
	_, err := h.Approve(t.Context(), both, e.ID, e.Version, evaluations.Saying{})
	tenantstest.Wants(t, err, inspection.Forbidden, "evaluation.own-score")
	if got := h.tasks(t, h.dir); !strings.HasPrefix(got, "审核") {
		t.Errorf("the director has to do %q", got)
	}
	e = tenantstest.Must(h.Approve(t.Context(), h.dir, e.ID, e.Version, evaluations.Saying{}))(t)
	if got := h.tasks(t, h.lg); !strings.HasPrefix(got, "审定") {
		t.Errorf("the leading group has to do %q", got)
	}
}

// TestCity: who acts for a city judges the units of the city itself, and none of a
// county's.
func TestCity(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	own := *h
	own.office = h.City[0]
	own.unit, own.round = h.Unit(own.office, "市教育局党组"), h.Round(own.office)
	own.off, own.dir = h.As(own.office, tenants.OFF), h.As(own.office, tenants.DIR)
	own.ledger(t, own.unit, 2)
	city := h.As(own.office, tenants.CITY)
	b := tenantstest.Must(h.Begin(t.Context(), city, evaluations.Beginning{Round: own.round, Card: "hundred"}))(t)
	if len(b.Made) != 1 {
		t.Fatalf("the city began %+v", b)
	}
	e := h.seen(t, city, b.Made[0].ID)
	if got := h.counts(t, city); got != [5]int{1, 1, 0, 0, 0} {
		t.Errorf("the city sees %v of its own", got)
	}
	tenantstest.Must(h.Waive(t.Context(), city, e.ID, e.Version, evaluations.Saying{Note: "单位逾期未报自评。"}))(t)
	if got := h.tasks(t, city); !strings.HasPrefix(got, "组建 ") {
		t.Errorf("the city has to do: %s", got)
	}

	_, err := h.Begin(t.Context(), city, evaluations.Beginning{Round: h.round, Card: "hundred"})
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
	theirs := h.begun(t, "hundred")
	wide := tenantstest.Must(city.Subtree())(t)
	_, err = h.Waive(t.Context(), wide, theirs.ID, theirs.Version, evaluations.Saying{Note: "x"})
	if err == nil {
		t.Error("the city waived a county's self-evaluation")
	}
	if got := h.counts(t, wide); got != [5]int{1, 1, 0, 0, 0} {
		t.Errorf("with what a county scores the city sees %v", got)
	}
}
