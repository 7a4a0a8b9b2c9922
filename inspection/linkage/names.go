package linkage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Hit is a word of a notice that equals the name of a unit, an office or a person
// of the offices whose findings the notice rests on. Recipients could tell from
// it whose findings these are. Whether it may stay is for a person to decide.
type Hit struct {
	Token string `json:"token"`
	Kind  string `json:"kind" enum:"unit,office,person"`
	Whose string `json:"whose" doc:"The office that the name belongs to"`
	At    string `json:"at" doc:"JSON pointer: /title, /body, /questions/0"`
	Count int    `json:"count"`
}

// Kept is a word that the composer keeps, and why.
type Kept struct {
	Token  string `json:"token" minLength:"1" maxLength:"200"`
	Reason string `json:"reason" minLength:"1" maxLength:"200"`
}

// name is a word that must not stand in a notice.
type name struct {
	Token string `db:"token"`
	Kind  string `db:"kind"`
	Whose string `db:"whose"`
}

// hits lists the words of n that name its sources.
func hits(ctx context.Context, tx *tenants.Tx, n Notice) ([]Hit, error) {
	rows, _ := tx.Query(ctx, `
		with sources as (
			select distinct b.finding_tenant as id from notice_basis b
			where `+tenants.Own("b")+` and b.notice_id = @id and b.edition = @edition)
		select t.name as token, 'office' as kind, t.name as whose
		from sources s join tenants t on t.id = s.id and t.id <> current_setting('app.tenant')::int
		union select t.short, 'office', t.name
		from sources s join tenants t on t.id = s.id and t.id <> current_setting('app.tenant')::int
		union select regexp_replace(t.name, '(县|市|区)$', ''), 'office', t.name
		from sources s join tenants t on t.id = s.id and t.id <> current_setting('app.tenant')::int
		union select v.token, 'unit', t.name
		from sources s join tenants t on t.id = s.id join units u on u.tenant_id = s.id,
			lateral (values (u.name), (u.short), (regexp_replace(u.name, '(党组|党委|党工委|党总支|党支部)$', ''))) v (token)
		union select m.name, 'person', t.name
		from sources s join tenants t on t.id = s.id join members m on m.tenant_id = s.id and m.state <> 'pending'`,
		pgx.StrictNamedArgs{"id": n.ID, "edition": n.Edition})
	names, err := pgx.CollectRows(rows, pgx.RowToStructByName[name])
	if err != nil {
		return nil, fmt.Errorf("list names of the sources: %w", err)
	}
	return find(n, names), nil
}

// find looks for the names in the notice's text, longer names first: what a
// longer one covers is not reported again for a shorter one.
func find(n Notice, names []name) []Hit {
	slices.SortFunc(names, func(a, b name) int {
		return cmp.Or(cmp.Compare(len(b.Token), len(a.Token)), cmp.Compare(a.Token, b.Token), cmp.Compare(a.Whose, b.Whose))
	})
	found := []Hit{}
	in := func(at, text string) {
		for _, w := range names {
			if utf8.RuneCountInString(w.Token) < 2 {
				continue
			}
			if c := strings.Count(text, w.Token); c > 0 {
				found = append(found, Hit{Token: w.Token, Kind: w.Kind, Whose: w.Whose, At: at, Count: c})
				text = strings.ReplaceAll(text, w.Token, "\x00")
			}
		}
	}
	in("/title", n.Title)
	in("/body", n.Body)
	for i, q := range n.Questions {
		in(fmt.Sprintf("/questions/%d", i), string(q))
	}
	return found
}

// settled refuses hits about which nobody decided.
func settled(found []Hit, kept []Kept) error {
	var bad []inspection.Field
	for _, h := range found {
		decided := slices.ContainsFunc(kept, func(k Kept) bool { return k.Token == h.Token && !inspection.Blank(k.Reason) })
		if !decided {
			bad = append(bad, inspection.Field{
				Pointer: h.At, Code: "identifies", Message: "含有来源单位的名称，请删改；确需保留的，写明理由。",
			})
		}
	}
	if len(bad) > 0 {
		return inspection.InvalidFields("notice.identifies", fmt.Sprintf("未能送审：通报中有 %d 处可能指认来源单位的名称。", len(bad)), bad...)
	}
	return nil
}
