package extensions

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Signing is the head's signature under a request, or under a list of them.
type Signing struct {
	Promise string `json:"promise" minLength:"1" maxLength:"500" doc:"What the head promises"`
	Digest  string `json:"digest" minLength:"64" maxLength:"64" pattern:"^[0-9a-f]{64}$" doc:"Of what the head saw"`
}

// Sign signs a request as the head of the unit, which sends it to whoever decides. The
// head signs what was shown: if the request says something else by now, nothing is signed.
func (s *Service) Sign(ctx context.Context, scope tenants.Scope, id inspection.ExtensionID, version int, g Signing) (Request, error) {
	return s.act(ctx, scope, id, version, Sign, func(tx *tenants.Tx, r *held) (tenants.Entry, error) {
		if r.List != nil {
			return tenants.Entry{}, inspection.Errorf(inspection.Conflict, "extension.in-list", "%s 在一份批量申请清单中，请打开清单一并签署。", r.Number)
		}
		text, bad := inspection.CleanText("/promise", g.Promise, true, 500)
		if err := bad.Err("extension.invalid"); err != nil {
			return tenants.Entry{}, err
		}
		says, err := asks(ctx, tx, []Request{r.Request})
		if err != nil {
			return tenants.Entry{}, err
		}
		shown, err := digestOf(says[0])
		if err != nil {
			return tenants.Entry{}, err
		}
		if shown != g.Digest {
			return tenants.Entry{}, paper.Changed()
		}
		if err := scope.StepUp(s.Clock()); err != nil {
			return tenants.Entry{}, err
		}
		if err := r.freeze(scope, s.Clock(), says[0], shown, text); err != nil {
			return tenants.Entry{}, err
		}
		return r.entry("sign", "签署"+r.Kind.Word()+"申请", r.wish()+"。"+r.signature(), nil), nil
	})
}

// Withdraw takes a request back before it is decided.
func (s *Service) Withdraw(ctx context.Context, scope tenants.Scope, id inspection.ExtensionID, version int, note string) (Request, error) {
	return s.act(ctx, scope, id, version, Withdraw, func(tx *tenants.Tx, r *held) (tenants.Entry, error) {
		return s.end(ctx, tx, r, "withdraw", "撤回"+r.Kind.Word()+"申请", note, rectification.MoreTime{})
	})
}

// Deciding is what somebody grants.
type Deciding struct {
	Note    string          `json:"note" minLength:"1" maxLength:"1000" doc:"Why"`
	UntilOn *inspection.Day `json:"until_on,omitempty" doc:"An earlier day than the one asked for; absent: the day asked for"`
}

// Refuse decides against a request, with a reason. The deadline stays.
func (s *Service) Refuse(ctx context.Context, scope tenants.Scope, id inspection.ExtensionID, version int, note string) (Request, error) {
	return s.act(ctx, scope, id, version, Refuse, func(tx *tenants.Tx, r *held) (tenants.Entry, error) {
		if err := s.ready(ctx, tx, r); err != nil {
			return tenants.Entry{}, err
		}
		r.DecidedAt = new(s.Clock())
		return s.end(ctx, tx, r, "refuse", "不予批准"+r.Kind.Word(), note, rectification.MoreTime{})
	})
}

// Approve grants what was asked for, or an earlier day, with a reason: the deadline
// moves, or the case becomes a long-term one.
func (s *Service) Approve(ctx context.Context, scope tenants.Scope, id inspection.ExtensionID, version int, d Deciding) (Request, error) {
	return s.act(ctx, scope, id, version, Approve, func(tx *tenants.Tx, r *held) (tenants.Entry, error) {
		if err := s.ready(ctx, tx, r); err != nil {
			return tenants.Entry{}, err
		}
		if err := s.grant(r, d); err != nil {
			return tenants.Entry{}, err
		}
		return s.end(ctx, tx, r, "approve", "批准"+r.Kind.Word(), d.Note, r.granted())
	})
}

// ready refuses who must not decide, and to decide about what is not what was signed.
func (s *Service) ready(ctx context.Context, tx *tenants.Tx, r *held) error {
	if err := rectification.NotOwn(ctx, tx, r.Unit, errOwnWork); err != nil {
		return err
	}
	if _, err := r.unseal(); err != nil {
		return err
	}
	return tx.Scope().StepUp(s.Clock())
}

// grant writes down which day is granted. It refuses what was overtaken since it was
// asked for.
func (s *Service) grant(r *held, d Deciding) error {
	today, on := s.Clock.Today(), r.UntilOn
	if !r.ahead(on, today) {
		return inspection.Errorf(inspection.Conflict, "extension.overtaken",
			"申请的日期 %s 已不晚于今天或现期限，不能批准。请不予批准并写明原因，单位可以重新申请。", r.UntilOn)
	}
	if d.UntilOn != nil {
		on = *d.UntilOn
	}
	if on > r.UntilOn || !r.ahead(on, today) {
		return inspection.Fields{{
			Pointer: "/until_on", Code: "extension-range", Message: fmt.Sprintf("批准的日期应晚于今天和现期限，不晚于申请的 %s。", r.UntilOn),
		}}.Err("extension.invalid")
	}
	r.GrantedOn, r.DecidedAt = &on, new(s.Clock())
	return nil
}

// ahead reports whether a day lies behind today and, where the deadline is to move,
// behind the present one.
func (r held) ahead(on, today inspection.Day) bool {
	return on > today && (r.Kind == LongTerm || r.DueOn == nil || on > *r.DueOn)
}

// granted is what the case is given.
func (r held) granted() rectification.MoreTime {
	if r.Kind == LongTerm {
		return rectification.MoreTime{ReviewOn: r.GrantedOn}
	}
	return rectification.MoreTime{Due: &rectification.DueChange{
		DueOn: *r.GrantedOn, Reason: fmt.Sprintf("经%s批准延期", r.Decider), Kind: rectification.DueExtended,
	}}
}

// end ends a request and tells the case what became of it.
func (s *Service) end(
	ctx context.Context, tx *tenants.Tx, r *held, action, title, note string, granted rectification.MoreTime,
) (e tenants.Entry, err error) {
	if e, err = s.said(tx, r, action, title, note); err != nil {
		return e, err
	}
	_, err = s.Cases.Answer(ctx, tx, r.Finding, granted)
	return e, err
}

// said writes down who ended a request, and in which words.
func (s *Service) said(tx *tenants.Tx, r *held, action, title, note string) (tenants.Entry, error) {
	text, bad := inspection.CleanText("/note", note, true, 1000)
	if err := bad.Err("extension.invalid"); err != nil {
		return tenants.Entry{}, err
	}
	r.Note, r.EndedBy, r.EndedAt = text, tx.Scope().Name(), new(s.Clock())
	return r.entry(action, title, r.wish()+"。"+r.shorter()+inspection.Line(text), nil), nil
}

// shorter says which day was granted where it is not the one asked for.
func (r Request) shorter() string {
	if r.GrantedOn == nil || *r.GrantedOn == r.UntilOn {
		return ""
	}
	return fmt.Sprintf("批准至 %s。", r.GrantedOn)
}

// held is a request whose row is locked, with the row of its case where that is the own
// office's.
type held struct {
	Request
	DueOn     *inspection.Day     `db:"due_on"`
	CaseState rectification.State `db:"case_state"`
}

// hold locks a request of which the own office is a party and returns it as it stands
// behind the lock. The row of a case belongs to its office alone: from above it is not
// locked, only looked at.
func hold(ctx context.Context, tx *tenants.Tx, id inspection.ExtensionID) (r held, err error) {
	args := pgx.StrictNamedArgs{"id": id}
	for _, lock := range []string{
		`select from extensions x where ` + tx.Scope().Rows("x") + ` and x.id = @id for update`,
		`select from rectifications r where ` + tenants.Own("r") + ` and r.finding_id = (
			select x.finding_id from extensions x where ` + tenants.Own("x") + ` and x.id = @id) for update`,
	} {
		if _, err := tx.Exec(ctx, lock, args); err != nil {
			return r, fmt.Errorf("lock request: %w", err)
		}
	}
	rows, _ := tx.Query(ctx, `
		select `+requestColumns+`, r.due_on, r.state as case_state from `+requestTables+`
		where `+tx.Scope().Rows("x")+` and x.id = @id and current_setting('app.tenant')::int in (x.tenant_id, x.decider)`, args)
	if r, err = tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[held])); err != nil {
		return r, err
	}
	r.see(tx.Scope())
	return r, nil
}

// act locks a request and lets change change it, if the caller may do this with it
// now and has read the latest version. What happens between two offices both have in
// their journals.
func (s *Service) act(
	ctx context.Context, scope tenants.Scope, id inspection.ExtensionID, version int, do Action,
	change func(tx *tenants.Tx, r *held) (tenants.Entry, error),
) (Request, error) {
	var r held
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		if r, err = hold(ctx, tx, id); err != nil {
			return err
		}
		before := r.Request
		if r.State, err = requests.Next(r.State, do, scope.Role(), r.sides(scope.Tenant())...); err != nil {
			return err
		}
		if (do == Approve || do == Refuse) && !decides(scope.Role(), r.Approver) {
			return scope.Role().Allow(r.Approver)
		}
		if r.Version != version {
			one := []Request{before}
			if err := s.show(ctx, tx, one); err != nil {
				return err
			}
			return inspection.StaleRow("extension.stale", one[0])
		}
		e, err := change(tx, &r)
		if err != nil {
			return err
		}
		r.Version++
		e.Before, e.After = before, r.Request
		tx.Journal(e)
		if r.Office != scope.Tenant() {
			e.Office = r.Office
			tx.Journal(e)
		}
		return r.save(ctx, tx)
	})
	if err != nil {
		return Request{}, err
	}
	r.see(scope)
	return r.Request, nil
}

// errOwnWork is the refusal to who is of the unit.
var errOwnWork = inspection.Errorf(inspection.Forbidden, "extension.own-work", "不能审批本单位的申请，需由其他人员办理。")

// save stores what may change. The database refuses a column of the other side.
func (r held) save(ctx context.Context, tx *tenants.Tx) error {
	_, err := tx.Exec(ctx, `
		update extensions x
		set state = @state, promise = @promise, signed_by = @signed_by, issued_at = @signed_at, content = @content, digest = @digest,
			opinion = @opinion, opinion_by = @opinion_by, forwarded_at = @forwarded_at, granted_on = @granted_on, decided_at = @decided_at,
			lapse = @lapse, note = @note, ended_by = @ended_by, ended_at = @ended_at, version = @version
		where x.tenant_id = @office and x.id = @id`, pgx.StrictNamedArgs{
		"office": r.Office, "id": r.ID, "state": r.State, "promise": r.Promise, "signed_by": r.SignedBy, "signed_at": r.SignedAt,
		"content": r.Content, "digest": r.Sum, "opinion": r.Opinion, "opinion_by": r.OpinionBy,
		"forwarded_at": r.ForwardedAt, "granted_on": r.GrantedOn, "decided_at": r.DecidedAt, "lapse": r.Lapse, "note": r.Note,
		"ended_by": r.EndedBy, "ended_at": r.EndedAt, "version": r.Version,
	})
	if err != nil {
		return fmt.Errorf("save request: %w", err)
	}
	return nil
}
