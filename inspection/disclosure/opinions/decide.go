package opinions

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/disclosure/privacy"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/doubts"
	"xuncha/tenants"
)

// Showing puts an opinion on the shelf. What is shown is said with parts left out,
// each marked by [Gap], and holds no personal data.
type Showing struct {
	Text    string                `json:"text" minLength:"1" maxLength:"1500" doc:"What the public reads: what was said, with *** where a part is left out"`
	Named   bool                  `json:"named,omitempty" doc:"With what the writer wants to be called"`
	Finding *inspection.FindingID `json:"finding,omitempty" doc:"Which finding it is about"`
}

// Feature shows an opinion on its page (选登).
func (s *Service) Feature(ctx context.Context, scope tenants.Scope, id inspection.OpinionID, version int, show Showing) (Opinion, error) {
	return s.decide(ctx, scope, id, version, Feature, func(tx *tenants.Tx, o *Opinion) (string, error) {
		var mode Mode
		if err := tx.QueryRow(ctx, `select sec.opinions_mode()`).Scan(&mode); err != nil {
			return "", fmt.Errorf("read mode: %w", err)
		}
		if mode != Show {
			return "", inspection.Errorf(inspection.Conflict, "opinion.not-shown", "本单位现为“%s”，不能选登。请先调整意见公开方式。", mode.Word())
		}
		if !o.MayShow {
			return "", inspection.Errorf(inspection.Conflict, "opinion.unwilling", "本人不愿公开此意见，不能选登。请以“本人不愿公开”不登，仍可答复。")
		}
		var bad inspection.Fields
		text := bad.Text("/text", show.Text, true, 3*TextLimit)
		if len(bad) == 0 && !leavesOut(o.Text, text) {
			bad = append(bad, inspection.Field{Pointer: "/text", Code: "other-words", Message: "选登内容只能删减原文，删去的地方写 " + Gap + "。"})
		}
		if len(privacy.Scan(text)) > 0 {
			bad = append(bad, inspection.Field{Pointer: "/text", Code: "personal-data", Message: "原文含个人信息，选登前需脱敏：把相应文字换成 " + Gap + "。"})
		}
		if show.Named && len(privacy.Scan(o.Name)) > 0 {
			bad = append(bad, inspection.Field{Pointer: "/named", Code: "personal-data", Message: "称呼含个人信息，不能公开称呼。"})
		}
		if err := bad.Err("opinion.invalid"); err != nil {
			return "", err
		}
		if o.Shown = text; show.Named {
			o.ShownName = o.Name
		}
		return "", s.link(ctx, tx, o, show.Finding)
	})
}

// Declining keeps an opinion from the page.
type Declining struct {
	Reason  Reason                `json:"reason"`
	Note    string                `json:"note,omitempty" maxLength:"200" doc:"For the office"`
	Finding *inspection.FindingID `json:"finding,omitempty" doc:"Which finding it is about"`
}

// Decline does not show an opinion (不登). It stays, with the reason.
func (s *Service) Decline(ctx context.Context, scope tenants.Scope, id inspection.OpinionID, version int, d Declining) (Opinion, error) {
	var bad inspection.Fields
	d.Note = bad.Text("/note", d.Note, false, 200)
	if !slices.Contains(Reasons(), d.Reason) {
		bad = append(bad, inspection.Field{Pointer: "/reason", Code: "required", Message: "请选择不登的理由。"})
	}
	if err := bad.Err("opinion.invalid"); err != nil {
		return Opinion{}, err
	}
	return s.decide(ctx, scope, id, version, Decline, func(tx *tenants.Tx, o *Opinion) (string, error) {
		o.Reason, o.Note = d.Reason, d.Note
		return d.Reason.Word(), s.link(ctx, tx, o, d.Finding)
	})
}

// Passing hands an opinion to who has to deal with it.
type Passing struct {
	To   string `json:"to" minLength:"1" maxLength:"50" doc:"信访, 民政局: an office, never a person; the writer reads it"`
	Note string `json:"note,omitempty" maxLength:"200" doc:"For the office"`
}

// Pass notes to whom an opinion was handed on (转办).
func (s *Service) Pass(ctx context.Context, scope tenants.Scope, id inspection.OpinionID, version int, p Passing) (Opinion, error) {
	var bad inspection.Fields
	p.To, p.Note = bad.Text("/to", p.To, true, 50), bad.Text("/note", p.Note, false, 200)
	if err := bad.Err("opinion.invalid"); err != nil {
		return Opinion{}, err
	}
	return s.decide(ctx, scope, id, version, Pass, func(_ *tenants.Tx, o *Opinion) (string, error) {
		o.PassedTo, o.Note = p.To, p.Note
		return p.To, nil
	})
}

// Merging names the opinion that another is put with.
type Merging struct {
	Into inspection.OpinionID `json:"into"`
}

// Merge puts an opinion with another about the same page that says the same (合并):
// its writer reads the other's answer.
func (s *Service) Merge(ctx context.Context, scope tenants.Scope, id inspection.OpinionID, version int, m Merging) (Opinion, error) {
	return s.decide(ctx, scope, id, version, Merge, func(tx *tenants.Tx, o *Opinion) (string, error) {
		other, err := lock(ctx, tx, m.Into)
		if err != nil {
			return "", err
		}
		if other.ID == o.ID || other.State == Merged || other.Notice != o.Notice {
			return "", inspection.InvalidFields("opinion.invalid", "请选择同一通报的另一条意见。",
				inspection.Field{Pointer: "/into", Code: "not-mergeable", Message: "只能并入同一通报、尚未合并的另一条意见。"})
		}
		var holds bool
		err = tx.QueryRow(ctx, `select exists (select from public_opinions o where `+tenants.Own("o")+` and merged_into = @id)`,
			pgx.StrictNamedArgs{"id": o.ID}).Scan(&holds)
		if err != nil {
			return "", fmt.Errorf("what was merged: %w", err)
		}
		if holds {
			return "", inspection.Errorf(inspection.Conflict, "opinion.holds-others", "已有意见并入此条，请把它们改并后再合并。")
		}
		o.Merged = &m.Into
		return other.Number, nil
	})
}

// Reopening is why a decision is taken back.
type Reopening struct {
	Reason string `json:"reason" minLength:"1" maxLength:"200"`
}

// Reopen takes a decision back, with a reason; what was shown is shown no more.
func (s *Service) Reopen(ctx context.Context, scope tenants.Scope, id inspection.OpinionID, version int, r Reopening) (Opinion, error) {
	var bad inspection.Fields
	reason := bad.Text("/reason", r.Reason, true, 200)
	if err := bad.Err("opinion.invalid"); err != nil {
		return Opinion{}, err
	}
	return s.decide(ctx, scope, id, version, Reopen, func(_ *tenants.Tx, o *Opinion) (string, error) {
		o.Reason, o.Note, o.PassedTo, o.Merged, o.Shown, o.ShownName = "", "", "", nil, "", ""
		return reason, nil
	})
}

// Answering is the office's answer. The writer reads it, and the public if the
// opinion is shown.
type Answering struct {
	Text string `json:"text" minLength:"1" maxLength:"500"`
}

// Answer answers an opinion that was decided on (答复).
func (s *Service) Answer(ctx context.Context, scope tenants.Scope, id inspection.OpinionID, version int, a Answering) (Opinion, error) {
	var bad inspection.Fields
	a.Text = bad.Text("/text", a.Text, true, 500)
	if len(privacy.Scan(a.Text)) > 0 {
		bad = append(bad, inspection.Field{Pointer: "/text", Code: "personal-data", Message: "答复会公开，不能含个人信息。"})
	}
	if err := bad.Err("opinion.invalid"); err != nil {
		return Opinion{}, err
	}
	return s.change(ctx, scope, id, version, Reply, func(_ *tenants.Tx, o *Opinion) (string, error) {
		o.Reply, o.RepliedAt, o.RepliedBy = a.Text, new(s.Clock()), scope.Name()
		return a.Text, nil
	})
}

// Linking names the finding that an opinion is about.
type Linking struct {
	Finding inspection.FindingID `json:"finding"`
}

// Link says which finding an opinion is about.
func (s *Service) Link(ctx context.Context, scope tenants.Scope, id inspection.OpinionID, version int, l Linking) (Opinion, error) {
	return s.change(ctx, scope, id, version, Link, func(tx *tenants.Tx, o *Opinion) (string, error) {
		err := s.link(ctx, tx, o, &l.Finding)
		return o.FindingNo, err
	})
}

// link notes the finding, if one is named: one of the page.
func (s *Service) link(ctx context.Context, tx *tenants.Tx, o *Opinion, finding *inspection.FindingID) error {
	if finding == nil {
		return nil
	}
	cs, err := candidates(ctx, tx, *o)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(cs, func(c Candidate) bool { return c.ID == *finding })
	if i < 0 {
		return inspection.Fields{{Pointer: "/finding", Code: "unknown-finding", Message: "所选问题不在此通报中。"}}.Err("opinion.invalid")
	}
	if o.Doubt != nil && o.Finding != nil && *o.Finding != *finding {
		return inspection.Errorf(inspection.Conflict, "opinion.doubted", "此意见已列为 %s 的存疑信号，不能改关联其他问题。", o.FindingNo)
	}
	o.Finding, o.FindingNo = finding, cs[i].Number
	return nil
}

// decide is a change that moves an opinion on.
func (s *Service) decide(ctx context.Context, scope tenants.Scope, id inspection.OpinionID, version int, act Action,
	do func(*tenants.Tx, *Opinion) (string, error),
) (Opinion, error) {
	return s.change(ctx, scope, id, version, act, func(tx *tenants.Tx, o *Opinion) (string, error) {
		o.DecidedAt, o.DecidedBy = new(s.Clock()), scope.Name()
		if o.State == Waiting {
			o.DecidedAt, o.DecidedBy = nil, ""
		}
		return do(tx, o)
	})
}

// change does something to an opinion and all that follows from it, in one
// transaction.
func (s *Service) change(ctx context.Context, scope tenants.Scope, id inspection.OpinionID, version int, act Action,
	do func(*tenants.Tx, *Opinion) (string, error),
) (o Opinion, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if o, err = lock(ctx, tx, id); err != nil {
			return err
		}
		if o.Version != version {
			if o, err = s.seen(ctx, tx, o); err != nil {
				return err
			}
			return inspection.StaleRow("opinion.stale", o)
		}
		before := o
		if o.State, err = life.Next(o.State, act, scope.Role()); err != nil {
			return err
		}
		text, err := do(tx, &o)
		if err != nil {
			return err
		}
		if err := s.counts(ctx, tx, before, &o); err != nil {
			return err
		}
		if o, err = s.save(ctx, tx, o); err != nil {
			return err
		}
		tx.Journal(tenants.Entry{
			Action: "opinion." + string(act), Object: "opinion", ID: o.ID.UUID, Before: before, After: o,
			Detail: tenants.Detail{Title: "意见：" + life.Doing[act], Text: text, Number: o.Number},
		})
		o, err = s.seen(ctx, tx, o)
		return err
	})
	return o, err
}

// counts has an opinion count, once the office found that it says something about a
// finding: the case is marked, and what says that it is not put right is a signal of
// doubt. What the writer said stays here: levels above read the signal.
func (s *Service) counts(ctx context.Context, tx *tenants.Tx, before Opinion, o *Opinion) error {
	if o.Finding == nil || o.State == Waiting || o.State == Merged || !o.Reason.meant() {
		return s.unmark(ctx, tx, before, *o)
	}
	if err := s.Cases.SetFlag(ctx, tx, *o.Finding, rectification.PublicOpinion, true); err != nil {
		return err
	}
	if before.Finding != nil && *before.Finding != *o.Finding {
		if err := s.unmark(ctx, tx, before, *o); err != nil {
			return err
		}
	}
	if !o.NotFixed || o.Doubt != nil {
		return nil
	}
	var err error
	o.Doubt, err = s.Doubts.Named(ctx, tx, *o.Finding, doubts.Raising{
		Source: "群众意见", On: inspection.DayOf(o.At), Text: "意见 " + o.Number + "，内容见意见办理",
		Question: "有群众意见反映此事项没有整改到位，请说明目前情况。",
	})
	return err
}

// unmark takes the mark off the case that an opinion was about, if no other is.
func (s *Service) unmark(ctx context.Context, tx *tenants.Tx, before, o Opinion) error {
	if before.Finding == nil {
		return nil
	}
	var others bool
	err := tx.QueryRow(ctx, `
		select exists (select from public_opinions o
			where `+tenants.Own("o")+` and finding_id = @finding and id <> @id and state not in (@waiting, @merged)
				and reason not in (@off, @advert, @attack))`, pgx.StrictNamedArgs{
		"finding": before.Finding, "id": o.ID, "waiting": Waiting, "merged": Merged, "off": OffTopic, "advert": Advert, "attack": Attack,
	}).Scan(&others)
	if err != nil {
		return fmt.Errorf("other opinions: %w", err)
	}
	return s.Cases.SetFlag(ctx, tx, *before.Finding, rectification.PublicOpinion, others)
}

// save writes what the office made of an opinion.
func (s *Service) save(ctx context.Context, tx *tenants.Tx, o Opinion) (Opinion, error) {
	o.Version++
	_, err := tx.Exec(ctx, `
		update public_opinions o set state = @state, finding_id = @finding, doubt_id = @doubt, reason = @reason, note = @note,
			passed_to = @passed_to, merged_into = @merged, shown_name = @shown_name, shown = @shown, decided_at = @decided_at,
			decided_by = @decided_by, reply = @reply, replied_at = @replied_at, replied_by = @replied_by, changed_at = @now,
			version = @version
		where `+tenants.Own("o")+` and id = @id`, pgx.StrictNamedArgs{
		"id": o.ID, "state": o.State, "finding": o.Finding, "doubt": o.Doubt, "reason": o.Reason, "note": o.Note,
		"passed_to": o.PassedTo, "merged": o.Merged, "shown_name": o.ShownName, "shown": o.Shown, "decided_at": o.DecidedAt,
		"decided_by": o.DecidedBy, "reply": o.Reply, "replied_at": o.RepliedAt, "replied_by": o.RepliedBy, "now": s.Clock(),
		"version": o.Version,
	})
	if err != nil {
		return o, fmt.Errorf("save opinion: %w", err)
	}
	return o, nil
}

// excerpt is the beginning of a text, as the title of a task.
func excerpt(text string) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return string(r)
}
