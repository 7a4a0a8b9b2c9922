package rectification_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// noted returns what each of these sees of the notes on a case: on the page, and in
// the table past the service.
func (h *house) noted(t *testing.T, id inspection.FindingID, who map[string]tenants.Scope) map[string]string {
	t.Helper()
	seen := map[string]string{}
	for name, s := range who {
		var texts []string
		for _, n := range tenantstest.Must(h.cases.Notes(t.Context(), s, id))(t) {
			texts = append(texts, n.Text)
		}
		rows := 0
		h.Do(h.DB, s, func(tx *tenants.Tx) error {
			return tx.QueryRow(t.Context(), `select count(*) from evidence_notes where finding_id = $1`, id).Scan(&rows)
		})
		if rows != len(texts) {
			t.Errorf("%s sees %d notes on the page and %d in the table", name, len(texts), rows)
		}
		seen[name] = strings.Join(texts, "、")
	}
	return seen
}

// TestNotesAreBlind notes on pages as both parties: each sees its own until all
// opinions are in, the unit what comes with the return, the city nothing, another unit
// nothing.
func TestNotesAreBlind(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.submitted(t)
	file := h.read(t, c.ID).Files[0]
	city := tenantstest.Must(h.As(h.City[0], tenants.CITY).Below(h.office))(t)
	who := map[string]tenants.Scope{
		"DISC": h.disc, "OFF": h.off, "DIR": h.dir, "unit": h.liaison, "head": h.head, "city": city,
		"sibling": h.As(h.County[0][1], tenants.OFF), "other unit": h.As(h.office, tenants.UNIT, h.Unit(h.office, "县教育局党组")),
	}
	check := func(when string, want map[string]string) {
		t.Helper()
		for name, got := range h.noted(t, c.ID, who) {
			if got != want[name] {
				t.Errorf("%s, %s sees %q, want %q", when, name, got, want[name])
			}
		}
	}
	note := func(s tenants.Scope, text string) rectification.PageNote {
		t.Helper()
		return tenantstest.Must(h.cases.Note(t.Context(), s, file.ID, rectification.Noting{Page: 1, Text: text}))(t)
	}
	note(h.disc, "甲")
	note(h.off, "乙")
	check("before", map[string]string{"DISC": "甲", "OFF": "乙"})
	tenantstest.Must(h.cases.Give(t.Context(), h.disc, c.ID, opinion(c, rectification.Refuse)))(t)
	check("after one", map[string]string{"DISC": "甲", "OFF": "乙"})
	_, err := h.cases.Note(t.Context(), h.disc, file.ID, rectification.Noting{Page: 1, Text: "迟"})
	tenantstest.Wants(t, err, inspection.Conflict, "evidence.note-late")
	tenantstest.Must(h.cases.Give(t.Context(), h.off, c.ID, opinion(c, rectification.Refuse)))(t)
	both := map[string]string{"DISC": "甲、乙", "OFF": "甲、乙", "DIR": "甲、乙"}
	check("after all", both)
	tenantstest.Must(h.cases.Return(t.Context(), h.off, c.ID, h.read(t, c.ID).Version,
		rectification.Returning{Reasons: []rectification.Reason{rectification.NoEvidence}, Letter: "请按批注补充。"}))(t)
	both["unit"], both["head"] = "甲、乙", "甲、乙"
	check("after the return", both)
	if n := tenantstest.Must(h.cases.Notes(t.Context(), h.liaison, c.ID))(t)[0]; n.IssuedAt == nil || n.Mine {
		t.Errorf("what the unit reads: %+v", n)
	}
}

// TestNoteRules tries notes where none may be, and takes one back.
func TestNoteRules(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.submitted(t)
	file := h.read(t, c.ID).Files[0]
	try := func(s tenants.Scope, page int, text string) error {
		_, err := h.cases.Note(t.Context(), s, file.ID, rectification.Noting{Page: page, Text: text})
		return err
	}
	tenantstest.Wants(t, try(h.disc, 1, " "), inspection.Invalid, "rectification.invalid")
	tenantstest.Wants(t, try(h.disc, 0, "页"), inspection.Invalid, "rectification.invalid")
	tenantstest.Wants(t, try(h.disc, 1, strings.Repeat("长", 501)), inspection.Invalid, "rectification.invalid")
	for who, s := range map[string]tenants.Scope{"the unit": h.liaison, "no party": h.As(h.office, tenants.ORG)} {
		if err := try(s, 1, "批注"); inspection.KindOf(err) != inspection.Forbidden {
			t.Errorf("%s notes: %v, want forbidden", who, err)
		}
	}
	if err := try(h.As(h.County[0][1], tenants.DISC), 1, "批注"); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("a sibling notes: %v", err)
	}
	n := tenantstest.Must(h.cases.Note(t.Context(), h.disc, file.ID, rectification.Noting{Page: 1, Text: "写错了"}))(t)
	if err := h.cases.WithdrawNote(t.Context(), h.off, n.ID); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the other party takes it back: %v", err)
	}
	if err := h.cases.WithdrawNote(t.Context(), h.As(h.office, tenants.DISC), n.ID); inspection.CodeOf(err) != "evidence.note-other" {
		t.Errorf("a colleague takes it back: %v", err)
	}
	if err := h.cases.WithdrawNote(t.Context(), h.disc, n.ID); err != nil {
		t.Fatal(err)
	}
	if got := tenantstest.Must(h.cases.Notes(t.Context(), h.disc, c.ID))(t); len(got) != 0 {
		t.Errorf("it is still there: %+v", got)
	}
	if err := h.cases.WithdrawNote(t.Context(), h.disc, n.ID); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("taken back twice: %v", err)
	}
	open := h.working(t)
	_, err := h.cases.Note(t.Context(), h.disc, h.read(t, open.ID).Files[0].ID, rectification.Noting{Page: 1, Text: "早"})
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.wrong-state")
	for _, e := range tenantstest.Must(h.cases.Timeline(t.Context(), h.liaison, c.ID, 0, 100))(t) {
		if strings.HasPrefix(e.Action, "evidence.note") {
			t.Errorf("the unit reads in the timeline: %s %s", e.Title, e.Text)
		}
	}
}

// TestNotesAreBlindInTheJournal reads what the journal keeps of a note: that there is one
// on a page, and not what it says, also where an older entry still has the words.
func TestNotesAreBlindInTheJournal(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.submitted(t)
	file := h.read(t, c.ID).Files[0]
	n := tenantstest.Must(h.cases.Note(t.Context(), h.disc, file.ID, rectification.Noting{Page: 1, Text: "凭证系伪造"}))(t)
	if err := h.cases.WithdrawNote(t.Context(), h.disc, n.ID); err != nil {
		t.Fatal(err)
	}
	kept := `select count(*)::int from journal where action like 'evidence.note%' and detail::text like '%凭证系伪造%'`
	if k := tenantstest.RootValue[int](h.House, kept); k != 0 {
		t.Errorf("%d entries keep what the note says", k)
	}
	h.Do(h.DB, h.disc, func(tx *tenants.Tx) error {
		tx.Journal(tenants.Entry{
			Action: "evidence.note", Object: "finding", ID: c.ID.UUID,
			Detail: tenants.Detail{Title: "批注佐证", Text: file.Name + " 第 1 页：凭证系伪造，见 第 2 页：", Number: c.Number},
		})
		return nil
	})
	for who, s := range map[string]tenants.Scope{"the other party": h.off, "the director": h.dir, "its author": h.disc} {
		there := 0
		for _, e := range tenantstest.Must(h.cases.Timeline(t.Context(), s, c.ID, 0, 100))(t) {
			if !strings.HasPrefix(e.Action, "evidence.note") {
				continue
			}
			if there++; e.Text != file.Name+" 第 1 页" {
				t.Errorf("%s reads %q in the timeline, want the file and the page", who, e.Text)
			}
		}
		if there != 3 {
			t.Errorf("%s sees %d acts on notes, want 3", who, there)
		}
	}
}

// TestNoteRows tries to cheat past the service: with another's party, with a note that
// is open from the start, or that the unit has already, by changing one.
func TestNoteRows(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.submitted(t)
	file := h.read(t, c.ID).Files[0]
	insert := func(s tenants.Scope, party tenants.Role, revealed, issued bool) error {
		return h.In(t.Context(), s, func(tx *tenants.Tx) error {
			_, err := tx.Exec(t.Context(), `
				insert into evidence_notes (id, evidence_id, finding_id, submission, unit_id, page, text, party, by_id, by_name, at, revealed, issued_at)
				values (gen_random_uuid(), @evidence, @id, 1, @unit, 1, 'x', @party, @by, 'x', now(), @revealed, case when @issued then now() end)`,
				pgx.StrictNamedArgs{"evidence": file.ID, "id": c.ID, "unit": h.unit, "party": party, "by": s.Member(), "revealed": revealed, "issued": issued})
			return err
		})
	}
	for what, err := range map[string]error{
		"for another party": insert(h.disc, tenants.OFF, false, false), "open from the start": insert(h.disc, tenants.DISC, true, false),
		"sent from the start": insert(h.disc, tenants.DISC, false, true), "by the unit": insert(h.liaison, tenants.UNIT, false, false),
	} {
		if err == nil {
			t.Errorf("a note was added %s", what)
		}
	}
	if err := insert(h.disc, tenants.DISC, false, false); err != nil {
		t.Errorf("DISC cannot note for itself: %v", err)
	}
	err := h.In(t.Context(), h.disc, func(tx *tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `update evidence_notes set text = 'y'`)
		return err
	})
	if err == nil {
		t.Error("a note was changed")
	}
}
