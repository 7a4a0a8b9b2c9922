package disclosure

import (
	"context"
	"slices"

	"xuncha/inspection"
	"xuncha/inspection/disclosure/privacy"
	"xuncha/tenants"
)

// Decision is a step on the way to approval. It names what its sender saw.
type Decision struct {
	Digest string `json:"digest" minLength:"64" maxLength:"64" pattern:"^[0-9a-f]{64}$" doc:"digest of the draft that was read"`
}

// Check hands the draft in for confirmation by the unit's head: nothing is
// missing, and no personal data that must go is left. From here on the text
// cannot change without going back.
func (s *Service) Check(ctx context.Context, scope tenants.Scope, id inspection.DisclosureID, version int, dec Decision) (Draft, error) {
	return s.step(ctx, scope, id, version, Check, "", func(tx *tenants.Tx, d *Draft) error {
		l, err := readLedger(ctx, tx, d.UnitID, d.RoundID)
		if err != nil {
			return err
		}
		d.compare(l)
		if err := d.clean(false); err != nil {
			return err
		}
		if open := d.problems(); len(open) > 0 {
			return &inspection.Error{
				Kind: inspection.Conflict, Code: "disclosure.incomplete", Fields: open, Detail: "还有内容没有填好，请按提示补正后再送单位确认。",
			}
		}
		r, err := s.render(*d)
		if err != nil {
			return err
		}
		d.Digest, d.ReturnNote, d.Keeps = nil, "", []Keep{}
		if err := r.shows(*d, dec.Digest); err != nil {
			return err
		}
		d.Digest = r.Digest
		return nil
	})
}

// same makes sure that the sender decides on what was handed in.
func (s *Service) same(d Draft, dec Decision) error {
	r, err := s.render(d)
	if err != nil {
		return err
	}
	return r.shows(d, dec.Digest)
}

// Confirm is the unit's head standing in for the text.
func (s *Service) Confirm(ctx context.Context, scope tenants.Scope, id inspection.DisclosureID, version int, dec Decision) (Draft, error) {
	return s.step(ctx, scope, id, version, Confirm, "", func(_ *tenants.Tx, d *Draft) error {
		d.ConfirmedBy, d.ConfirmedName, d.ConfirmedAt = new(scope.Member().UUID), scope.Name(), new(s.Clock())
		return s.same(*d, dec)
	})
}

// Clearance is the office's clearing of a text.
type Clearance struct {
	Decision
	Keeps []Kept `json:"keeps,omitempty" maxItems:"200" nullable:"false" doc:"Personal data that stays, each with its grounds"`
}

// Kept leaves one hit in the text.
type Kept struct {
	Hit     string  `json:"hit" minLength:"16" maxLength:"16"`
	Grounds Grounds `json:"grounds"`
}

// Clear is the office's review. Whoever clears decides on personal data that is
// not plainly forbidden; that must be a second person.
func (s *Service) Clear(ctx context.Context, scope tenants.Scope, id inspection.DisclosureID, version int, c Clearance) (Draft, error) {
	return s.step(ctx, scope, id, version, Clear, "", func(_ *tenants.Tx, d *Draft) error {
		if len(c.Keeps) > 0 && slices.Contains(d.Editors, scope.Member().UUID) {
			return inspection.Errorf(inspection.Forbidden, "disclosure.second-person",
				"保留个人信息需由起草人以外的人核对。")
		}
		for _, k := range c.Keeps {
			if !slices.ContainsFunc(d.hits(), func(h Hit) bool { return h.ID == k.Hit && h.Level == privacy.Hold }) {
				return inspection.InvalidFields("disclosure.invalid", "公开内容已变化，请刷新后再核对。",
					inspection.Field{Pointer: "/keeps", Code: "unknown-hit", Message: "此处个人信息不在文中，或不能保留。"})
			}
			d.Keeps = append(d.Keeps, Keep{Hit: k.Hit, Grounds: k.Grounds, By: scope.Name(), At: s.Clock()})
		}
		if err := d.clean(true); err != nil {
			return err
		}
		d.ClearedBy, d.ClearedName, d.ClearedAt = new(scope.Member().UUID), scope.Name(), new(s.Clock())
		d.ClearedRole = scope.Role()
		return s.same(*d, c.Decision)
	})
}

// Approve makes the bytes final. It asks for a fresh proof of identity and for
// somebody who neither wrote nor cleared the text; what is withheld only the
// leading group can approve.
func (s *Service) Approve(ctx context.Context, scope tenants.Scope, id inspection.DisclosureID, version int, dec Decision) (Draft, error) {
	return s.step(ctx, scope, id, version, Approve, "", func(_ *tenants.Tx, d *Draft) error {
		if err := d.approver(scope); err != nil {
			return err
		}
		if err := scope.StepUp(s.Clock()); err != nil {
			return err
		}
		if err := d.clean(true); err != nil {
			return err
		}
		if err := s.same(*d, dec); err != nil {
			return err
		}
		d.ApprovedBy, d.ApprovedName, d.ApprovedAt = new(scope.Member().UUID), scope.Name(), new(s.Clock())
		d.ApprovedDigest = d.Digest
		return nil
	})
}

// approver returns an error unless the scope's person may be the one who approves d.
func (d Draft) approver(scope tenants.Scope) error {
	me := scope.Member().UUID
	if slices.Contains(d.Editors, me) || d.ClearedBy != nil && *d.ClearedBy == me {
		return inspection.Errorf(inspection.Forbidden, "disclosure.own-text", "起草或审核过此稿的人不能审批，请由其他负责人办理。")
	}
	if d.counts().Withheld > 0 && scope.Role() != tenants.LG {
		return inspection.Errorf(inspection.Forbidden, "disclosure.withheld", "含不公开事项的公开稿，需由领导小组成员审批。")
	}
	return nil
}

// Back is a reason to send something back or take it back.
type Back struct {
	Reason string `json:"reason" minLength:"1" maxLength:"500"`
}

// Return sends the text back to be rewritten: all that was given on the way is
// void.
func (s *Service) Return(ctx context.Context, scope tenants.Scope, id inspection.DisclosureID, version int, b Back) (Draft, error) {
	reason, bad := inspection.CleanText("/reason", b.Reason, true, 500)
	if len(bad) > 0 {
		return Draft{}, inspection.InvalidFields("disclosure.invalid", "请写明退回的原因。", bad...)
	}
	return s.step(ctx, scope, id, version, Return, reason, func(_ *tenants.Tx, d *Draft) error {
		edited, name := d.EditedBy, d.EditedName
		d.Way = Way{EditedBy: edited, EditedName: name, ReturnNote: reason, Keeps: []Keep{}}
		return nil
	})
}
