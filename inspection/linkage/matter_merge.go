package linkage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Kindred is another matter that came to the same office, as that office sees it.
type Kindred struct {
	ID            inspection.EscalationID `json:"id" db:"id"`
	Number        string                  `json:"number" db:"number" maxLength:"40"`
	RaiserName    string                  `json:"raiser_name" db:"raiser_name" maxLength:"100"`
	FindingNumber string                  `json:"finding_number" db:"finding_number" maxLength:"40"`
	Title         string                  `json:"title" db:"title" maxLength:"200"`
	State         MatterState             `json:"state" db:"state"`
	SameTags      bool                    `json:"same_tags" db:"same_tags" doc:"Their findings carry a tag in common"`
}

// MergingMatters names the matters that are handled as one with another.
type MergingMatters struct {
	With []inspection.EscalationID `json:"with" minItems:"1" maxItems:"50" uniqueItems:"true"`
}

// mergedWith lists the matter and what the acting office handles as one with it.
func mergedWith(ctx context.Context, tx *tenants.Tx, id inspection.EscalationID) ([]inspection.EscalationID, error) {
	rows, _ := tx.Query(ctx, `
		select b.escalation_id from merged_matters a
		join merged_matters b on b.tenant_id = a.tenant_id and b.merge_id = a.merge_id and b.left_at is null
		where `+tenants.Own("a")+` and a.escalation_id = @id and a.left_at is null`, pgx.StrictNamedArgs{"id": id})
	ids, err := pgx.CollectRows(rows, pgx.RowTo[inspection.EscalationID])
	if err != nil {
		return nil, fmt.Errorf("list merged matters: %w", err)
	}
	return ids, nil
}

// Merge handles further matters as one with this one (并案): what the office decides,
// records and answers then reaches all of them. Their raisers learn that theirs is
// handled together with others of its kind, and nothing else.
func (s *Service) Merge(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, with MergingMatters) (Matter, error) {
	err := s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		ids, err := mergedWith(ctx, tx, id)
		if err != nil {
			return err
		}
		m, all, err := lockMatter(ctx, tx, id, append(ids, with.With...)...)
		if err != nil {
			return err
		}
		if _, err := matters.Next(m.State, MergeMatter, scope.Role(), m.side(scope.Tenant())); err != nil {
			return happened(err, m.ChangedAt, m.ChangedBy)
		}
		if m.Version != version {
			return meanwhile(ctx, tx, m)
		}
		joining, err := joiningOf(ctx, tx, m, all, with.With)
		if err != nil {
			return err
		}
		now := s.Clock()
		if err := join(ctx, tx, m, joining, now); err != nil {
			return err
		}
		return regrouped(ctx, tx, MergeMatter, append(all, m), joining, now)
	})
	if err != nil {
		return Matter{}, err
	}
	return s.reread(ctx, scope, id)
}

// joiningOf returns the matters that with names, and m itself if it stood alone. Each
// must stand where m stands, and alone.
func joiningOf(ctx context.Context, tx *tenants.Tx, m Matter, all []Matter, with []inspection.EscalationID) ([]Matter, error) {
	var joining []Matter
	if m.Merged == 0 {
		joining = append(joining, m)
	}
	taken, err := mergedOf(ctx, tx, with)
	if err != nil {
		return nil, err
	}
	byID := map[inspection.EscalationID]Matter{}
	for _, each := range all {
		byID[each.ID] = each
	}
	for _, id := range with {
		each, ok := byID[id]
		if !ok { // nobody else's to merge, not even in words
			if id == m.ID {
				return nil, inspection.Errorf(inspection.Invalid, "escalation.merge-self", "未能并案：请选择其他事项。")
			}
			_, _, err := lockMatter(ctx, tx, id)
			return nil, err
		}
		if slices.Contains(taken, id) {
			err := inspection.Errorf(inspection.Conflict, "escalation.merged", "未能并案：%s的%s已与其他事项并案。", each.RaiserName, each.Number)
			return nil, happened(err, each.ChangedAt, each.ChangedBy)
		}
		if each.State != m.State {
			err := inspection.Errorf(inspection.Conflict, "escalation.wrong-state", "未能并案：%s的%s现为“%s”。", each.RaiserName, each.Number, matters.Called[each.State])
			return nil, happened(err, each.ChangedAt, each.ChangedBy)
		}
		joining = append(joining, each)
	}
	return joining, nil
}

// mergedOf lists those of ids that the acting office handles as one with others. It is
// asked once they are locked: what a lock waited for is not in what was read with it.
func mergedOf(ctx context.Context, tx *tenants.Tx, ids []inspection.EscalationID) ([]inspection.EscalationID, error) {
	rows, _ := tx.Query(ctx, `
		select a.escalation_id from merged_matters a
		where `+tenants.Own("a")+` and a.escalation_id = any(@ids) and a.left_at is null`, pgx.StrictNamedArgs{"ids": ids})
	merged, err := pgx.CollectRows(rows, pgx.RowTo[inspection.EscalationID])
	if err != nil {
		return nil, fmt.Errorf("ask what is merged: %w", err)
	}
	return merged, nil
}

// join puts matters among those that are handled as one with m.
func join(ctx context.Context, tx *tenants.Tx, m Matter, joining []Matter, at time.Time) error {
	merge := uuid.Must(uuid.NewV7())
	if m.Merged > 0 {
		err := tx.QueryRow(ctx, `
			select a.merge_id from merged_matters a
			where `+tenants.Own("a")+` and a.raiser = @raiser and a.escalation_id = @id and a.left_at is null`,
			pgx.StrictNamedArgs{"raiser": m.Tenant, "id": m.ID}).Scan(&merge)
		if err != nil {
			return fmt.Errorf("find the merge: %w", err)
		}
	}
	for _, each := range joining {
		_, err := tx.Exec(ctx, `
			insert into merged_matters (merge_id, raiser, escalation_id, merged_at, merged_by)
			values (@merge, @raiser, @id, @at, @by)
			on conflict (tenant_id, merge_id, raiser, escalation_id)
			do update set merged_at = excluded.merged_at, merged_by = excluded.merged_by, left_at = null, left_by = ''`,
			pgx.StrictNamedArgs{
				"merge": merge, "raiser": each.Tenant, "id": each.ID, "at": at, "by": actor(tx.Scope()),
			})
		if err != nil {
			return fmt.Errorf("merge: %w", err)
		}
	}
	return nil
}

// Split handles a matter alone again (撤出并案).
func (s *Service) Split(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int) (Matter, error) {
	err := s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		ids, err := mergedWith(ctx, tx, id)
		if err != nil {
			return err
		}
		m, all, err := lockMatter(ctx, tx, id, ids...)
		if err != nil {
			return err
		}
		if _, err := matters.Next(m.State, SplitMatter, scope.Role(), m.side(scope.Tenant())); err != nil {
			return happened(err, m.ChangedAt, m.ChangedBy)
		}
		if m.Version != version {
			return meanwhile(ctx, tx, m)
		}
		if m.Merged == 0 {
			return inspection.Errorf(inspection.Conflict, "escalation.not-merged", "该事项没有与其他事项并案。")
		}
		now := s.Clock()
		if err := leave(ctx, tx, m, now); err != nil {
			return err
		}
		return regrouped(ctx, tx, SplitMatter, append(all, m), []Matter{m}, now)
	})
	if err != nil {
		return Matter{}, err
	}
	return s.reread(ctx, scope, id)
}

// leave takes a matter out of those that are handled as one with it. One that stays
// behind alone stands alone.
func leave(ctx context.Context, tx *tenants.Tx, m Matter, at time.Time) error {
	_, err := tx.Exec(ctx, `
		with mine as (
			select a.merge_id from merged_matters a
			where `+tenants.Own("a")+` and a.raiser = @raiser and a.escalation_id = @id and a.left_at is null)
		update merged_matters b
		set left_at = @at, left_by = @by
		where `+tenants.Own("b")+` and b.left_at is null and b.merge_id in (select merge_id from mine)
		  and (b.raiser = @raiser and b.escalation_id = @id
		    or 2 = (select count(*) from merged_matters c where c.tenant_id = b.tenant_id and c.merge_id = b.merge_id and c.left_at is null))`,
		pgx.StrictNamedArgs{"raiser": m.Tenant, "id": m.ID, "at": at, "by": actor(tx.Scope())})
	if err != nil {
		return fmt.Errorf("leave the merge: %w", err)
	}
	return nil
}

// regrouped makes a new version of every matter that another decision reaches now, so
// that nobody decides on what he read before. Those that joined, or left, show it in
// their record; of the others' coming and going the rest learn nothing.
func regrouped(ctx context.Context, tx *tenants.Tx, do MatterAct, all, changed []Matter, at time.Time) error {
	var whose []string
	for _, m := range changed {
		whose = append(whose, m.RaiserName+m.Number)
	}
	for _, before := range all {
		m := before
		m.ChangedAt, m.ChangedBy = at, actor(tx.Scope()) // [meanwhile] knows it by the time
		shows := slices.ContainsFunc(changed, func(c Matter) bool { return c.ID == m.ID })
		if shows {
			if err := addStep(ctx, tx, m, do, step{DueOn: m.StepDue}); err != nil {
				return err
			}
		}
		var err error
		if m, err = saveMatter(ctx, tx, m); err != nil {
			return err
		}
		if !shows {
			continue
		}
		entry := tenants.Entry{
			Action: "escalation." + string(do), Object: "escalation", ID: m.ID.UUID, Before: before, After: m,
			Detail: tenants.Detail{Title: matters.Doing[do], Number: m.Number},
		}
		if m.Tenant != tx.Scope().Tenant() {
			below := entry
			below.Office = m.Tenant
			tx.Journal(below)
		}
		entry.Detail.Text = strings.Join(whose, "、")
		tx.Journal(entry)
	}
	return nil
}

func (s *Service) reread(ctx context.Context, scope tenants.Scope, id inspection.EscalationID) (m Matter, err error) {
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		m, err = readMatter(ctx, tx, id)
		return err
	})
	return m, err
}

// meanwhile says why the version that somebody read is not the latest one any more: it
// was merged with others, or others were merged with it or taken out; or just changed.
func meanwhile(ctx context.Context, tx *tenants.Tx, m Matter) error {
	var merged bool
	err := tx.QueryRow(ctx, `
		select exists (
			select from merged_matters a join merged_matters b on b.tenant_id = a.tenant_id and b.merge_id = a.merge_id
			where `+tenants.Own("a")+` and a.raiser = @raiser and a.escalation_id = @id
			  and @at in (b.merged_at, b.left_at))`,
		pgx.StrictNamedArgs{"raiser": m.Tenant, "id": m.ID, "at": m.ChangedAt}).Scan(&merged)
	if err != nil {
		return fmt.Errorf("ask what was merged: %w", err)
	}
	if !merged {
		return inspection.StaleRow("escalation.stale", m)
	}
	err = inspection.Errorf(inspection.Conflict, "escalation.merged", "该事项的并案范围已变化，请查看后再办理。")
	return happened(err, m.ChangedAt, m.ChangedBy)
}

// nameless refuses a text that reaches several raisers and names one of them: each of
// them goes on knowing of its own matter alone.
func nameless(ctx context.Context, tx *tenants.Tx, all []Matter, text string) error {
	if len(all) < 2 || text == "" {
		return nil
	}
	offices := make([]tenants.ID, len(all))
	for i, m := range all {
		offices[i] = m.Tenant
	}
	rows, _ := tx.Query(ctx, `
		select v.token, 'office' as kind, t.name as whose
		from tenants t, lateral (values (t.name), (t.short), (regexp_replace(t.name, '(县|市|区)$', ''))) v (token)
		where t.id = any(@offices)`, pgx.StrictNamedArgs{"offices": offices})
	names, err := pgx.CollectRows(rows, pgx.RowToStructByName[name])
	if err != nil {
		return fmt.Errorf("list names of the raisers: %w", err)
	}
	hits := find(Notice{Body: text}, names)
	if len(hits) == 0 {
		return nil
	}
	return inspection.InvalidFields("escalation.identifies", "未能办理：内容将送达并案的各提出单位，不能写明是哪些单位。", inspection.Field{
		Pointer: "/text", Code: "identifies", Message: "含有提出单位的名称，请删改。",
	})
}

// kindred fills in the other matters of a merge, and those that could be merged.
func (v *MatterView) kindred(ctx context.Context, tx *tenants.Tx) error {
	v.Together, v.Mergeable = []Kindred{}, []Kindred{}
	if v.Tenant == tx.Scope().Tenant() {
		return nil
	}
	rows, _ := tx.Query(ctx, `
		select e.id, coalesce(e.number, '') as number, t.short as raiser_name, f.number as finding_number, e.title, e.state, false as same_tags
		from merged_matters a join merged_matters b on b.tenant_id = a.tenant_id and b.merge_id = a.merge_id and b.left_at is null
		join escalations e on e.tenant_id = b.raiser and e.id = b.escalation_id
		join findings f on f.tenant_id = e.tenant_id and f.id = e.finding_id
		join tenants t on t.id = e.tenant_id
		where `+tenants.Own("a")+` and a.raiser = @raiser and a.escalation_id = @id and a.left_at is null and e.id <> @id
		order by t.code, e.id`, pgx.StrictNamedArgs{"raiser": v.Tenant, "id": v.ID})
	var err error
	if v.Together, err = pgx.CollectRows(rows, pgx.RowToStructByName[Kindred]); err != nil {
		return fmt.Errorf("list merged matters: %w", err)
	}
	if !slices.Contains(v.Allowed, MergeMatter) {
		return nil
	}
	rows, _ = tx.Query(ctx, `
		select e.id, coalesce(e.number, '') as number, t.short as raiser_name, f.number as finding_number, e.title, e.state,
			f.tags && own.tags as same_tags
		from escalations e
		join findings f on f.tenant_id = e.tenant_id and f.id = e.finding_id
		join findings own on own.tenant_id = @raiser and own.id = @finding
		join tenants t on t.id = e.tenant_id
		where `+tenants.Reach("e")+` and e.holder = current_setting('app.tenant')::int and e.state = @state and e.id <> @id
		  and not exists (select from merged_matters a
		    where `+tenants.Own("a")+` and a.raiser = e.tenant_id and a.escalation_id = e.id and a.left_at is null)
		order by same_tags desc, t.code, e.id
		limit 100`, pgx.StrictNamedArgs{"raiser": v.Tenant, "finding": v.FindingID, "state": v.State, "id": v.ID})
	if v.Mergeable, err = pgx.CollectRows(rows, pgx.RowToStructByName[Kindred]); err != nil {
		return fmt.Errorf("list matters to merge: %w", err)
	}
	return nil
}
