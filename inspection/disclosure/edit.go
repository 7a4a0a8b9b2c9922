package disclosure

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Change is what a person writes into a draft; what is absent stays.
type Change struct {
	Title         *string         `json:"title,omitempty" maxLength:"100"`
	Lead          *string         `json:"lead,omitempty" maxLength:"500"`
	Organisation  *string         `json:"organisation,omitempty" maxLength:"1500"`
	HeadDuty      *string         `json:"head_duty,omitempty" maxLength:"1500"`
	Transfers     *string         `json:"transfers,omitempty" maxLength:"500"`
	NextSteps     *string         `json:"next_steps,omitempty" maxLength:"800"`
	Phone         *string         `json:"phone,omitempty" maxLength:"60"`
	Hours         *string         `json:"hours,omitempty" maxLength:"60"`
	Address       *string         `json:"address,omitempty" maxLength:"200"`
	Email         *string         `json:"email,omitempty" maxLength:"100"`
	Note          *string         `json:"note,omitempty" maxLength:"300"`
	Dated         *inspection.Day `json:"dated,omitempty" doc:"落款日期"`
	PeriodUntil   *inspection.Day `json:"period_until,omitempty" doc:"End of the 集中整改期, if it was extended"`
	HidesPrevious *bool           `json:"hides_previous,omitempty"`
}

// field is one text that a person may change, where it stands, and how long it
// may be.
type field struct {
	pointer string
	have    *string
	want    *string
	limit   int
}

// put cleans what is wanted and puts it in place.
func put(fields ...field) error {
	var bad []inspection.Field
	for _, f := range fields {
		if f.want == nil {
			continue
		}
		text, wrong := inspection.CleanText(f.pointer, *f.want, false, f.limit)
		if bad = append(bad, wrong...); len(wrong) == 0 {
			*f.have = text
		}
	}
	if len(bad) > 0 {
		return inspection.InvalidFields("disclosure.invalid", "公开文本不符合要求，请按提示修改。", bad...)
	}
	return nil
}

// Edit saves what a person wrote into a draft.
func (s *Service) Edit(ctx context.Context, scope tenants.Scope, id inspection.DisclosureID, version int, c Change) (Draft, error) {
	return s.step(ctx, scope, id, version, Write, "", func(_ *tenants.Tx, d *Draft) error {
		for _, day := range []struct{ have, want *inspection.Day }{{&d.Dated, c.Dated}, {&d.PeriodUntil, c.PeriodUntil}} {
			if day.want != nil {
				*day.have = *day.want
			}
		}
		if d.PeriodUntil < d.PeriodFrom {
			return inspection.InvalidFields("disclosure.invalid", "公开文本不符合要求，请按提示修改。",
				inspection.Field{Pointer: "/period_until", Code: "day-order", Message: "集中整改期的结束日期应在反馈日期之后。"})
		}
		if c.HidesPrevious != nil {
			d.HidesPrevious = *c.HidesPrevious && d.Edition > 1
		}
		if d.Edition == 1 {
			c.Note = nil // nothing to correct yet
		}
		d.by(scope)
		return put(
			field{"/title", &d.Title, c.Title, 100}, field{"/lead", &d.Lead, c.Lead, 500},
			field{"/organisation", &d.Organisation, c.Organisation, 1500}, field{"/head_duty", &d.HeadDuty, c.HeadDuty, 1500},
			field{"/transfers", &d.Transfers, c.Transfers, 500}, field{"/next_steps", &d.NextSteps, c.NextSteps, 800},
			field{"/phone", &d.Phone, c.Phone, 60}, field{"/hours", &d.Hours, c.Hours, 60},
			field{"/address", &d.Address, c.Address, 200}, field{"/email", &d.Email, c.Email, 100},
			field{"/note", &d.Note, c.Note, 300})
	})
}

// ItemChange is what a person writes about one finding; what is absent stays.
type ItemChange struct {
	Title    *string         `json:"title,omitempty" maxLength:"120"`
	Problem  *string         `json:"problem,omitempty" maxLength:"5000"`
	Result   *string         `json:"result,omitempty" maxLength:"5000"`
	Rules    *string         `json:"rules,omitempty" maxLength:"1000"`
	Reason   *string         `json:"reason,omitempty" maxLength:"500"`
	Goal     *string         `json:"goal,omitempty" maxLength:"500"`
	Lead     *string         `json:"lead,omitempty" maxLength:"200"`
	NextOn   *inspection.Day `json:"next_on,omitempty" doc:"When the public hears of it again"`
	Withheld *Reason         `json:"withheld,omitempty" doc:"Why it is not disclosed; empty: it is"`
	Propose  bool            `json:"propose,omitempty" doc:"Take the ledger's words again"`
}

// EditItem saves what a person wrote about one finding, or whether it is withheld.
// Items have versions of their own: two people may work on two items.
func (s *Service) EditItem(ctx context.Context, scope tenants.Scope, id inspection.DisclosureID, finding inspection.FindingID,
	version int, c ItemChange,
) (Item, error) {
	var it Item
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		d, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := editions.Next(d.State, Write, scope.Role()); err != nil {
			return err
		}
		l, err := readLedger(ctx, tx, d.UnitID, d.RoundID)
		if err != nil {
			return err
		}
		d.compare(l)
		i := d.index(finding)
		if i < 0 {
			return inspection.Errorf(inspection.NotFound, "not-found", "没有找到，或你没有查看权限。")
		}
		it = d.Items[i]
		if it.Version != version {
			return inspection.StaleRow("disclosure.stale", it)
		}
		if err := it.change(c); err != nil {
			return err
		}
		return s.saveItem(ctx, tx, d, &it)
	})
	if err != nil {
		return Item{}, err
	}
	return it, nil
}

func (d Draft) index(finding inspection.FindingID) int {
	for i, it := range d.Items {
		if it.FindingID == finding {
			return i
		}
	}
	return -1
}

func (it *Item) change(c ItemChange) error {
	was := it.ItemText
	if c.Propose {
		*it = it.Ledger.item(Item{FindingID: it.FindingID, Seq: it.Seq, Withheld: it.Withheld, Version: it.Version})
		return nil
	}
	if c.NextOn != nil {
		it.NextOn = new(*c.NextOn)
	}
	if c.Withheld != nil {
		it.Withheld = *c.Withheld
	}
	err := put(
		field{"/title", &it.Title, c.Title, 120}, field{"/problem", &it.Problem, c.Problem, 5000},
		field{"/result", &it.Result, c.Result, 5000}, field{"/rules", &it.Rules, c.Rules, 1000},
		field{"/reason", &it.Reason, c.Reason, 500}, field{"/goal", &it.Goal, c.Goal, 500},
		field{"/lead", &it.Lead, c.Lead, 200})
	it.Written = it.Written || it.ItemText != was
	return err
}

// saveItem writes one item, notes who wrote, and tells the journal. The version
// of the draft stays: its own texts did not change.
func (s *Service) saveItem(ctx context.Context, tx *tenants.Tx, d Draft, it *Item) error {
	before := d.Items[d.index(it.FindingID)]
	it.Version++
	scope := tx.Scope()
	var b pgx.Batch
	queueItem(&b, d, *it)
	b.Queue(`
		update disclosure_editions e set edited_by = @by, edited_name = @name, changed_at = @at
		where `+tenants.Own("e")+` and disclosure_id = @id and edition = @edition`,
		pgx.StrictNamedArgs{"by": scope.Member(), "name": scope.Name(), "at": s.Clock(), "id": d.ID, "edition": d.Edition})
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("save item: %w", err)
	}
	title := "修改公开文本"
	if before.Withheld != it.Withheld {
		title = "列入不公开"
		if it.Withheld == "" {
			title = "恢复公开"
		}
	}
	tx.Journal(tenants.Entry{
		Action: "disclosure.edit-item", Object: "disclosure", ID: d.ID.UUID, Unit: d.UnitID, Before: before, After: *it,
		Detail: tenants.Detail{Title: title, Text: it.Withheld.Word(), Number: it.Ledger.Number},
	})
	return nil
}
