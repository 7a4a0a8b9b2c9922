package disclosure

import (
	"bytes"
	"context"
	"time"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Plan says when an approved text becomes public.
type Plan struct {
	PublishAt     time.Time       `json:"publish_at" doc:"Not before this instant"`
	OpinionsUntil *inspection.Day `json:"opinions_until,omitempty" doc:"Last day of opinions; absent: by policy, from publication"`
}

// Schedule sets the time of publication. Between now and then there is at least
// the time that the office's policy leaves for taking it back unseen.
func (s *Service) Schedule(ctx context.Context, scope tenants.Scope, id inspection.DisclosureID, version int, p Plan) (Draft, error) {
	at := p.PublishAt.In(inspection.Zone).Truncate(time.Second)
	note := at.Format("2006-01-02 15:04")
	return s.step(ctx, scope, id, version, Schedule, note, func(tx *tenants.Tx, d *Draft) error {
		if err := scope.StepUp(s.Clock()); err != nil {
			return err
		}
		policy, err := tenants.PolicyOf(ctx, tx)
		if err != nil {
			return err
		}
		if err := s.fits(*d, at, p, time.Duration(policy.DisclosureHoldMinutes)*time.Minute); err != nil {
			return err
		}
		r, err := s.render(*d)
		if err != nil {
			return err
		}
		if !bytes.Equal(r.Digest, d.ApprovedDigest) {
			return inspection.Errorf(inspection.Conflict, "disclosure.other-text", "公开内容与审批时不一致。请退回核对后重新审批。")
		}
		d.PublishAt, d.OpinionsUntil, d.Held = &at, p.OpinionsUntil, ""
		return nil
	})
}

// fits returns an error unless d may be published at this time.
func (s *Service) fits(d Draft, at time.Time, p Plan, hold time.Duration) error {
	var bad []inspection.Field
	wrong := func(pointer, code, message string) {
		bad = append(bad, inspection.Field{Pointer: pointer, Code: code, Message: message})
	}
	now := s.Clock()
	switch day := inspection.DayOf(at); {
	case at.Before(now.Add(hold)):
		earliest := now.Add(hold + time.Minute).In(inspection.Zone).Format("2006-01-02 15:04")
		wrong("/publish_at", "too-early", "发布时间最早为 "+earliest+"，发布前留出撤回的时间。")
	case at.After(now.AddDate(1, 0, 0)):
		wrong("/publish_at", "too-late", "发布时间应在一年以内。")
	case day < d.Dated:
		wrong("/publish_at", "before-date", "发布时间不能早于落款日期 "+d.Dated.String()+"。")
	case p.OpinionsUntil != nil && *p.OpinionsUntil < day:
		wrong("/opinions_until", "day-order", "意见征集截止日期不能早于发布日期。")
	}
	if len(bad) > 0 {
		return inspection.InvalidFields("disclosure.plan", "未能设定发布时间，请按提示修改。", bad...)
	}
	return nil
}

// Recall takes a text off the schedule. In the last second it either comes
// before the publication, which then finds nothing to do, or learns that it came
// too late.
func (s *Service) Recall(ctx context.Context, scope tenants.Scope, id inspection.DisclosureID, version int) (Draft, error) {
	return s.step(ctx, scope, id, version, Recall, "", func(_ *tenants.Tx, d *Draft) error {
		d.recall()
		return nil
	})
}

func (d *Draft) recall() { d.PublishAt, d.OpinionsUntil, d.Held = nil, nil, "" }
