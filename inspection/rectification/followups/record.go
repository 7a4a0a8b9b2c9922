package followups

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Recording is what one person found of a problem.
type Recording struct {
	Verdict Verdict        `json:"verdict"`
	Fact    string         `json:"fact" minLength:"1" maxLength:"2000" doc:"事实"`
	SeenOn  inspection.Day `json:"seen_on" doc:"When they looked"`
}

// Record writes down what was found of one problem, or corrects it until the other
// agrees.
func (s *Service) Record(ctx context.Context, scope tenants.Scope, id ID, finding inspection.FindingID, version int, r Recording) (Looked, error) {
	return s.look(ctx, scope, id, finding, version, Record, func(f FollowUp, l *Looked) (string, error) {
		var bad inspection.Fields
		l.Fact = bad.Text("/fact", r.Fact, true, 2000)
		if r.SeenOn > s.Clock.Today() || r.SeenOn < f.StartsOn {
			bad = append(bad, inspection.Field{Pointer: "/seen_on", Code: "day-order", Message: "核查日期应在回头看开始之后，不晚于今天。"})
		}
		switch {
		case !slices.Contains(Verdicts(), r.Verdict):
			bad = append(bad, inspection.Field{Pointer: "/verdict", Code: "choice", Message: "请选择核查结论。"})
		case !r.Verdict.fits(l.CaseNow):
			bad = append(bad, inspection.Field{
				Pointer: "/verdict", Code: "choice",
				Message: fmt.Sprintf("该事项现为“%s”，尚未销号，可选：确认到位、未到位。", l.CaseNow.Word()),
			})
		}
		l.Verdict, l.SeenOn, l.CaseState, l.Note = r.Verdict, &r.SeenOn, l.CaseNow, ""
		l.FirstID, l.FirstName, l.FirstAt = new(scope.Member()), scope.Name(), new(s.Clock())
		return r.Verdict.Word(), bad.Err("followup.invalid")
	})
}

// Agree is the other person's word for what was recorded.
func (s *Service) Agree(ctx context.Context, scope tenants.Scope, id ID, finding inspection.FindingID, version int) (Looked, error) {
	return s.look(ctx, scope, id, finding, version, Agree, func(_ FollowUp, l *Looked) (string, error) {
		if l.CaseState != l.CaseNow {
			return "", inspection.Errorf(inspection.Conflict, "followup.moved",
				"%s 在核查后有变动，现为“%s”。请退回重新核查。", l.Number, l.CaseNow.Word())
		}
		l.SecondName, l.SecondAt = scope.Name(), new(s.Clock())
		return l.Verdict.Word(), nil
	})
}

// SendBack has a problem looked at again: the second person does not agree, or the
// director wants more.
func (s *Service) SendBack(ctx context.Context, scope tenants.Scope, id ID, finding inspection.FindingID, version int, note string) (Looked, error) {
	return s.look(ctx, scope, id, finding, version, SendBack, func(_ FollowUp, l *Looked) (string, error) {
		var bad inspection.Fields
		l.Note = bad.Text("/note", note, true, 500)
		l.FirstID, l.FirstName, l.FirstAt, l.SecondName, l.SecondAt = nil, "", nil, "", nil
		return inspection.Line(l.Note), bad.Err("followup.invalid")
	})
}

// look is one act on the record of one problem: the follow-up is held as it is, the
// record is locked, changed by the table, saved, and told to the journal.
func (s *Service) look(
	ctx context.Context, scope tenants.Scope, id ID, finding inspection.FindingID, version int, do LookAction,
	change func(f FollowUp, l *Looked) (note string, err error),
) (l Looked, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		f, err := s.read(ctx, tx, id, "for share of w")
		if err != nil {
			return err
		}
		before, err := lockLooked(ctx, tx, id, finding)
		if err != nil {
			return err
		}
		l = before
		if f.State != Ongoing {
			return inspection.Errorf(inspection.Conflict, "look.wrong-state", "%s未能办理：回头看现为“%s”，进行中才能核查。", looks.Doing[do], f.State.Word())
		}
		if l.State, err = looks.Next(before.State, do, scope.Role()); err != nil {
			return err
		}
		if before.Version != version {
			return inspection.StaleRow("look.stale", before.seen(scope, f))
		}
		if err := before.mine(scope, f, do); err != nil {
			return err
		}
		if err := rectification.NotOwn(ctx, tx, before.Unit, errOwnWork); err != nil {
			return err
		}
		note, err := change(f, &l)
		if err != nil {
			return err
		}
		l.Version++
		if err := l.save(ctx, tx, id); err != nil {
			return err
		}
		tx.Journal(tenants.Entry{
			Action: "look." + string(do), Object: "followup", ID: id.UUID, Before: before, After: l,
			Detail: tenants.Detail{Title: "回头看：" + looks.Doing[do], Text: note, Number: l.Number},
		})
		l = l.seen(scope, f)
		return nil
	})
	return l, err
}

const lookedColumns = `i.finding_id, i.unit_id, c.number, i.state, i.verdict, i.fact, i.seen_on, i.first_name, i.second_name, i.second_at,
	i.note, i.version, i.first_id, i.first_at, i.case_state, c.state as case_now, i.state <> 'open' and i.case_state <> c.state as moved`

const lookedTables = ` from followup_items i
	join rectifications c on c.tenant_id = i.tenant_id and c.finding_id = i.finding_id`

// lockLooked returns the record of one problem and keeps others from changing it.
func lockLooked(ctx context.Context, tx *tenants.Tx, id ID, finding inspection.FindingID) (Looked, error) {
	rows, _ := tx.Query(ctx, `
		select `+lookedColumns+lookedTables+`
		where `+tenants.Own("i")+` and i.followup_id = @id and i.finding_id = @finding
		for update of i`, pgx.StrictNamedArgs{"id": id, "finding": finding})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Looked]))
}

func (l Looked) save(ctx context.Context, tx *tenants.Tx, id ID) error {
	_, err := tx.Exec(ctx, `
		update followup_items i
		set state = @state, verdict = @verdict, fact = @fact, seen_on = @seen_on, case_state = @case_state, first_id = @first_id,
			first_name = @first_name, first_at = @first_at, second_name = @second_name, second_at = @second_at, note = @note, version = @version
		where `+tenants.Own("i")+` and i.followup_id = @id and i.finding_id = @finding`, pgx.StrictNamedArgs{
		"id": id, "finding": l.Finding, "state": l.State, "verdict": l.Verdict, "fact": l.Fact, "seen_on": l.SeenOn,
		"case_state": l.CaseState, "first_id": l.FirstID, "first_name": l.FirstName, "first_at": l.FirstAt,
		"second_name": l.SecondName, "second_at": l.SecondAt, "note": l.Note, "version": l.Version,
	})
	if err != nil {
		return fmt.Errorf("save record: %w", err)
	}
	return nil
}

// mine refuses what is somebody else's to do: those who look are named, and the
// second is another person than the first.
func (l Looked) mine(scope tenants.Scope, f FollowUp, do LookAction) error {
	if scope.Role() == tenants.DIR {
		return nil
	}
	if !slices.Contains(f.Members, scope.Member()) {
		return inspection.Errorf(inspection.Forbidden, "look.not-inspector", "需由本次回头看的核查人员办理。")
	}
	first := l.FirstID != nil && *l.FirstID == scope.Member()
	if do != Record && first {
		return inspection.Errorf(inspection.Forbidden, "look.own-record", "核查结论由你记录，需由另一名核查人员核对。")
	}
	if do == Record && l.State == Seen && !first {
		return inspection.Errorf(inspection.Forbidden, "look.other-record", "核查结论由%s记录。意见不同时请退回重新核查。", l.FirstName)
	}
	return nil
}

// seen fills in what follows from who looks, and from where the follow-up stands.
func (l Looked) seen(scope tenants.Scope, f FollowUp) Looked {
	l.Allowed = []LookAction{}
	if f.State != Ongoing {
		l.Moved = false // the report had its effects
		return l
	}
	l.Moved = l.State != Open && l.CaseState != l.CaseNow
	for _, do := range looks.Allowed(l.State, scope.Role()) {
		if l.mine(scope, f, do) == nil {
			l.Allowed = append(l.Allowed, do)
		}
	}
	return l
}

// errOwnWork is the refusal to who is of the unit.
var errOwnWork = inspection.Errorf(inspection.Forbidden, "look.own-work", "不能核查本单位，需由其他人员办理。")
