package linkage

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Composing is a notice as its composer writes it. What is left out of the days
// follows the office's policy; a forwarded notice takes its title, text and
// questions from the one it forwards.
type Composing struct {
	Parent       *inspection.NoticeID `json:"parent,omitempty" doc:"The received notice that this one forwards"`
	Tag          string               `json:"tag,omitempty" maxLength:"40" doc:"The common issue (共性标签)"`
	Findings     []FindingRef         `json:"findings,omitempty" maxItems:"500" nullable:"false" doc:"The findings it rests on; none: all that carry the tag"`
	Title        string               `json:"title,omitempty" maxLength:"200"`
	Body         string               `json:"body,omitempty" maxLength:"20000" doc:"De-identified: no unit, office or person of the findings' offices"`
	Questions    []Line               `json:"questions,omitempty" maxItems:"30" nullable:"false" doc:"Every recipient answers them"`
	Offices      []Slug               `json:"offices,omitempty" maxItems:"500" nullable:"false" doc:"Recipients below"`
	Units        []inspection.UnitID  `json:"units,omitempty" maxItems:"500" nullable:"false" doc:"Recipients among the own units"`
	ReceiptDue   *inspection.Day      `json:"receipt_due,omitempty"`
	SelfCheckDue *inspection.Day      `json:"self_check_due,omitempty"`
	ReportDue    *inspection.Day      `json:"report_due,omitempty"`
}

// FindingRef names a finding of an office below.
type FindingRef struct {
	Office Slug                 `json:"office"`
	ID     inspection.FindingID `json:"id"`
}

// Compose begins a notice.
func (s *Service) Compose(ctx context.Context, scope tenants.Scope, c Composing) (n Notice, err error) {
	if err := scope.Role().Allow(office...); err != nil {
		return n, err
	}
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		n = Notice{
			ID: inspection.NewID[inspection.NoticeID](), State: Draft, Version: 1, Edition: 1, Tenant: scope.Tenant(),
			Issuer: scope.Office().Slug, IssuerName: scope.Office().Short, ChangedAt: s.Clock(), ChangedBy: actor(scope),
		}
		n.Root, n.ParentID = n.ID, c.Parent
		if err := s.fill(ctx, tx, &n, c); err != nil {
			return err
		}
		if err := insertNotice(ctx, tx, n); err != nil {
			return err
		}
		tx.Journal(tenants.Entry{
			Action: "notice.compose", Object: "notice", ID: n.ID.UUID, After: n,
			Detail: tenants.Detail{Title: "起草通报", Text: n.Title},
		})
		return s.address(ctx, tx, n, c)
	})
	return n, err
}

// Edit changes a draft.
func (s *Service) Edit(ctx context.Context, scope tenants.Scope, id inspection.NoticeID, version int, c Composing) (Notice, error) {
	return s.act(ctx, scope, id, version, EditNotice, func(tx *tenants.Tx, n *Notice) (string, error) {
		c.Parent = n.ParentID // what it forwards is fixed
		n.Edition++
		if err := s.fill(ctx, tx, n, c); err != nil {
			return "", err
		}
		return n.Title, s.address(ctx, tx, *n, c)
	})
}

func insertNotice(ctx context.Context, tx *tenants.Tx, n Notice) error {
	_, err := tx.Exec(ctx, `
		insert into notices (id, root, parent_issuer, parent_id, tag, title, body, questions, receipt_due, self_check_due,
			report_due, due_calendar, due_provisional, state, changed_at, changed_by)
		values (@id, @root, @parent_issuer, @parent, @tag, @title, @body, @questions, @receipt_due, @self_check_due,
			@report_due, @due_calendar, @due_provisional, @state, @changed_at, @changed_by)`, pgx.StrictNamedArgs{
		"id": n.ID, "root": n.Root, "parent_issuer": n.ParentIssuer, "parent": n.ParentID, "tag": n.Tag,
		"title": n.Title, "body": n.Body, "questions": n.Questions, "receipt_due": n.ReceiptDue,
		"self_check_due": n.SelfCheckDue, "report_due": n.ReportDue, "due_calendar": n.DueCalendar,
		"due_provisional": n.DueProvisional, "state": n.State, "changed_at": n.ChangedAt, "changed_by": n.ChangedBy,
	})
	if err != nil {
		return fmt.Errorf("insert notice: %w", err)
	}
	return nil
}

// fill takes over what c says of the text and the days.
func (s *Service) fill(ctx context.Context, tx *tenants.Tx, n *Notice, c Composing) error {
	var own *Delivery
	if c.Parent != nil {
		parent, part, err := forwarded(ctx, tx, *c.Parent)
		if err != nil {
			return err
		}
		n.Root, n.ParentIssuer, own = parent.Root, &parent.Tenant, &part
		c = c.after(parent)
	}
	var bad []inspection.Field
	clean := func(pointer, text string, required bool, limit int) string {
		t, wrong := inspection.CleanText(pointer, text, required, limit)
		bad = append(bad, wrong...)
		return t
	}
	n.Tag = clean("/tag", c.Tag, false, 40)
	n.Title = clean("/title", c.Title, true, 200)
	n.Body = clean("/body", c.Body, true, 20000)
	n.Questions = make([]Line, len(c.Questions))
	for i, q := range c.Questions {
		n.Questions[i] = Line(clean(fmt.Sprintf("/questions/%d", i), string(q), true, 1000))
	}
	wrong, err := s.days(ctx, tx, n, c, own)
	if err != nil {
		return err
	}
	if bad = append(bad, wrong...); len(bad) > 0 {
		return inspection.InvalidFields("notice.invalid", "未能保存通报：请按提示修改。", bad...)
	}
	return nil
}

// after fills what a forwarding composer left out from the notice forwarded.
func (c Composing) after(parent Notice) Composing {
	c.Tag = parent.Tag
	if inspection.Blank(c.Title) {
		c.Title = parent.Title
	}
	if inspection.Blank(c.Body) {
		c.Body = parent.Body
	}
	if len(c.Questions) == 0 {
		c.Questions = parent.Questions
	}
	return c
}

// days sets the three days: as composed; for a forwarded notice those that the own
// office was given, while they last; else by the policy in working days. None may
// be later than the day by which the office itself must report.
func (s *Service) days(ctx context.Context, tx *tenants.Tx, n *Notice, c Composing, own *Delivery) ([]inspection.Field, error) {
	p, err := tenants.PolicyOf(ctx, tx)
	if err != nil {
		return nil, err
	}
	today := s.Clock.Today()
	n.DueCalendar, n.DueProvisional = s.Calendar.Version(), false
	day := func(given *inspection.Day, ours func(*Delivery) inspection.Day, from inspection.Day, after int) inspection.Day {
		if given != nil {
			return *given
		}
		if own != nil && ours(own) >= from {
			return ours(own)
		}
		d, provisional := s.Calendar.Add(from, after)
		n.DueProvisional = n.DueProvisional || provisional
		if own != nil {
			d = max(from, min(d, own.ReportDue)) // what policy proposes gives way to the own deadline
		}
		return d
	}
	n.ReceiptDue = day(c.ReceiptDue, func(d *Delivery) inspection.Day { return d.ReceiptDue }, today, p.ReceiptDays)
	n.SelfCheckDue = day(c.SelfCheckDue, func(d *Delivery) inspection.Day { return d.SelfCheckDue }, n.ReceiptDue, p.SelfCheckDays)
	n.ReportDue = day(c.ReportDue, func(d *Delivery) inspection.Day { return d.ReportDue }, n.ReceiptDue, p.ReportDays)
	return ordered(*n, today, own), nil
}

// ordered says which of the notice's days stand in a wrong order.
func ordered(n Notice, today inspection.Day, own *Delivery) (bad []inspection.Field) {
	wrong := func(pointer, text string) {
		bad = append(bad, inspection.Field{Pointer: pointer, Code: "day-order", Message: text})
	}
	if n.ReceiptDue < today {
		wrong("/receipt_due", "签收期限不能早于今天。")
	}
	if n.SelfCheckDue < n.ReceiptDue {
		wrong("/self_check_due", "自查期限不能早于签收期限。")
	}
	if n.ReportDue < n.SelfCheckDue {
		wrong("/report_due", "报送期限不能早于自查期限。")
	}
	if own != nil && n.ReportDue > own.ReportDue && own.ReportDue >= today {
		wrong("/report_due", fmt.Sprintf("报送期限不能晚于本级应报送的日期 %s。", own.ReportDue))
	}
	return bad
}

// forwarded returns the notice that is forwarded, and the own part in it: it must
// have been delivered to the office and signed for.
func forwarded(ctx context.Context, tx *tenants.Tx, id inspection.NoticeID) (n Notice, d Delivery, err error) {
	if n, err = readNotice(ctx, tx, id); err != nil {
		return n, d, err
	}
	if d, err = ownDelivery(ctx, tx, n.ID); err != nil {
		return n, d, err
	}
	switch d.State {
	case Delivered:
		return n, d, inspection.Errorf(inspection.Conflict, "notice.unreceived", "未能转发：请先签收这份通报。")
	case DeliveryWithdrawn:
		return n, d, inspection.Errorf(inspection.Conflict, "notice.withdrawn", "未能转发：这份通报已被撤回。")
	}
	return n, d, nil
}
