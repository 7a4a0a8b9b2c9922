package extensions

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Asking is what a unit asks for.
type Asking struct {
	Kind     Kind                    `json:"kind"`
	UntilOn  inspection.Day          `json:"until_on" doc:"The last day asked for, or when a long-term item comes back"`
	Reason   string                  `json:"reason" minLength:"1" maxLength:"2000"`
	Evidence []inspection.EvidenceID `json:"evidence" minItems:"1" maxItems:"50" nullable:"false" doc:"Files of the item that support it"`
}

// Ask records a request for more time. It waits for the signature of the unit's
// head. The item is marked; its clock runs on.
func (s *Service) Ask(ctx context.Context, scope tenants.Scope, id inspection.FindingID, a Asking) (r Request, err error) {
	if _, err := requests.Next(tenants.Start, Ask, scope.Role(), own); err != nil {
		return r, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if r, err = s.ask(ctx, tx, id, a, nil); err != nil {
			return err
		}
		one := []Request{r}
		err = s.show(ctx, tx, one)
		r = one[0]
		return err
	})
	return r, err
}

// ask records one request, alone or as part of a list.
func (s *Service) ask(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, a Asking, list *ListID) (r Request, err error) {
	reason, bad := inspection.CleanText("/reason", a.Reason, true, 2000)
	if len(a.Evidence) == 0 {
		bad = append(bad, inspection.Field{Pointer: "/evidence", Code: "required", Message: "请选择支持申请的佐证；还没有的，先在佐证页上传。"})
	}
	if err := bad.Err("extension.invalid"); err != nil {
		return r, err
	}
	c, err := s.Cases.AskMore(ctx, tx, id)
	if err != nil {
		return r, err
	}
	if err := none(ctx, tx, id); err != nil {
		return r, err
	}
	rule, err := rectification.PolicyOf(ctx, tx, id)
	if err != nil {
		return r, err
	}
	if err := s.within(ctx, tx, c, a, rule); err != nil {
		return r, err
	}
	unknown, err := rectification.UnknownFiles(ctx, tx, id, "/evidence", a.Evidence)
	if err != nil {
		return r, err
	}
	if err := unknown.Err("extension.invalid"); err != nil {
		return r, err
	}
	r = Request{
		ID: inspection.NewID[inspection.ExtensionID](), Finding: id, Number: c.Number, Unit: c.UnitID, Kind: a.Kind, State: Asked, List: list,
		FromOn: c.DueOn, UntilOn: a.UntilOn, Reason: reason, Evidence: a.Evidence,
		ByName: tx.Scope().Name(), At: s.Clock(), Version: 1,
	}
	moved, err := granted(ctx, tx, id, Kinds()...)
	if err != nil {
		return r, err
	}
	if err := r.address(ctx, tx, rule, moved); err != nil {
		return r, err
	}
	if err := r.insert(ctx, tx); err != nil {
		return r, err
	}
	tx.Journal(r.entry("ask", "申请"+r.Kind.Word(), r.wish()+"。"+inspection.Line(r.Reason), nil))
	return r, nil
}

// none refuses a second request while one is open, and says whose it is. The case
// is locked.
func none(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) error {
	rs, err := requestsOf(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, r := range rs {
		if r.State.Open() {
			return inspection.Errorf(inspection.Conflict, "extension.open",
				"%s 已有%s的申请（%s，%s 提出）。办结或撤回后再申请。", r.Number, r.State.Word(), r.wish(), r.ByName)
		}
	}
	return nil
}

// within refuses what the policy does not let be asked for.
func (s *Service) within(ctx context.Context, tx *tenants.Tx, c rectification.Case, a Asking, rule tenants.Policy) error {
	today := s.Clock.Today()
	wrong := func(code, format string, args ...any) error {
		return inspection.Fields{{Pointer: "/until_on", Code: code, Message: fmt.Sprintf(format, args...)}}.Err("extension.invalid")
	}
	if a.Kind == LongTerm {
		if latest := s.Cases.LatestReview(rule); a.UntilOn <= today || a.UntilOn > latest {
			return wrong("extension-range", "复核日期应在今天之后，不晚于 %s。", latest)
		}
		return nil
	}
	if c.DueOn == nil {
		return inspection.Errorf(inspection.Conflict, "extension.no-deadline", "%s 没有整改期限，不需要延期。", c.Number)
	}
	used, err := granted(ctx, tx, c.ID, Later)
	if err != nil {
		return err
	}
	if used >= rule.ExtensionLimit {
		return inspection.Errorf(inspection.Conflict, "extension.limit", "%s 已超出可延期次数（最多 %d 次）。", c.Number, rule.ExtensionLimit)
	}
	if latest := s.latest(*c.DueOn, rule); a.UntilOn <= max(*c.DueOn, today) || a.UntilOn > latest {
		return wrong("extension-range", "新期限应晚于现期限 %s 和今天，不晚于 %s。", *c.DueOn, latest)
	}
	return nil
}

// granted counts how often requests of these kinds were granted for a case.
func granted(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, kinds ...Kind) (n int, err error) {
	err = tx.QueryRow(ctx, `
		select count(*) from extensions x
		where `+tenants.Own("x")+` and x.finding_id = @id and x.kind = any(@kinds) and x.state = @state`,
		pgx.StrictNamedArgs{"id": id, "kinds": kinds, "state": Approved}).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count extensions: %w", err)
	}
	return n, nil
}

// address says who decides a request of the own office for an item for which so many
// were granted: the own office or, as the policy says, the one above it.
func (r *Request) address(ctx context.Context, tx *tenants.Tx, rule tenants.Policy, granted int) error {
	office := tx.Scope().Office()
	r.Office, r.Approver = office.ID, rule.ExtensionApprover
	r.DeciderID, r.DeciderSlug, r.DeciderShort, r.DeciderName = office.ID, office.Slug, office.Short, office.Name
	if office.Parent == nil || rule.ExtensionAboveFrom == 0 || granted+1 < rule.ExtensionAboveFrom {
		return nil
	}
	var level string
	err := tx.QueryRow(ctx, `select t.id, t.slug, t.short, t.name, t.level from tenants t where t.id = @id`, pgx.StrictNamedArgs{"id": office.Parent}).
		Scan(&r.DeciderID, &r.DeciderSlug, &r.DeciderShort, &r.DeciderName, &level)
	if err != nil {
		return fmt.Errorf("the office above: %w", err)
	}
	r.Approver = map[string]tenants.Role{"city": tenants.CITY, "province": tenants.PROV}[level]
	return nil
}

func (r *Request) insert(ctx context.Context, tx *tenants.Tx) error {
	err := tx.QueryRow(ctx, `
		insert into extensions (id, finding_id, unit_id, n, kind, state, from_on, until_on, reason, evidence, approver, decider, list_id, by_id, by_name, at)
		select @id, @finding, @unit, coalesce(max(x.n), 0) + 1, @kind, @state, @from_on::date, @until_on::date, @reason, @evidence::uuid[],
			@approver, @decider::int, @list::uuid, @by_id, @by, @at
		from extensions x
		where `+tenants.Own("x")+` and x.finding_id = @finding
		returning n`, pgx.StrictNamedArgs{
		"id": r.ID, "finding": r.Finding, "unit": r.Unit, "kind": r.Kind, "state": r.State, "from_on": r.FromOn, "until_on": r.UntilOn,
		"reason": r.Reason, "evidence": r.Evidence, "approver": r.Approver, "decider": r.DeciderID, "list": r.List, "by_id": tx.Scope().Member(), "by": r.ByName, "at": r.At,
	}).Scan(&r.N)
	if err != nil {
		return fmt.Errorf("add request: %w", err)
	}
	return nil
}
