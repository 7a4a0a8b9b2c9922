package linkage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Hit is a word of a notice that equals a name of the offices whose findings the
// notice rests on: of a unit, an office, a person or a place, or the number of such a
// finding. Recipients could tell from it whose findings these are. Spaces, marks and
// full width between its letters do not hide it. Whether it may stay is for two
// persons to decide.
type Hit struct {
	Token string `json:"token" doc:"The name"`
	As    string `json:"as" doc:"As it stands in the notice, the first time"`
	Kind  string `json:"kind" enum:"unit,office,person,place,number"`
	Whose string `json:"whose" doc:"The office that the name belongs to"`
	At    string `json:"at" doc:"JSON pointer: /tag, /title, /body, /questions/0"`
	Count int    `json:"count"`

	Reason string `json:"reason" doc:"Why it stays, as the composer says; empty while nobody said"`
	Asked  string `json:"asked" doc:"Who said so"`
	Agreed string `json:"agreed" doc:"Who agreed; empty while nobody did"`
	Mine   bool   `json:"mine" doc:"The reader said so, and cannot agree"`
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
	plain string // its letters
}

// sourceNames are the names of the offices whose findings an own notice rests on. The
// own office may be named. What a measure says of its leader is a name only where it
// is no post.
var sourceNames = `
	with cited as (
		select b.finding_tenant as tenant, b.finding_id as id from notice_basis b
		where ` + tenants.Own("b") + ` and b.notice_id = @id and b.edition = @edition),
	sources as (select distinct t.id, t.name, t.short from cited c join tenants t on t.id = c.tenant),
	others as (select * from sources where id <> current_setting('app.tenant')::int)
	select s.name as token, 'office' as kind, s.name as whose from others s
	union select s.short, 'office', s.name from others s
	union select regexp_replace(s.name, '(县|市|区)$', ''), 'place', s.name from others s where s.name ~ '(县|市|区)$'
	union select v.token, 'unit', s.name
	from sources s join units u on u.tenant_id = s.id,
		lateral (values (u.name), (u.short), (regexp_replace(u.name, '(党组|党委|党工委|党总支|党支部)$', ''))) v (token)
	union select p.place[1], 'place', s.name
	from sources s join units u on u.tenant_id = s.id and u.kind in ('township', 'village'),
		lateral regexp_matches(u.name, '([^县市区]{2,}?)(?:乡|镇|街道|村|社区)', '') p (place)
	union select m.name, 'person', s.name
	from sources s join members m on m.tenant_id = s.id and m.state <> 'pending'
	union select w.word, 'person', s.name
	from cited c join sources s on s.id = c.tenant
	join measures m on m.tenant_id = c.tenant and m.finding_id = c.id,
		lateral regexp_split_to_table(m.leader || '、' || m.person, '[、,，;；[:space:]]+') w (word)
	where length(w.word) between 2 and 4
	  and w.word !~ '(书记|主任|长|委员|干部|人员|领导|负责人|主席|副职.?|办公室|科|股|处|室|组|局|办|中心)$'
	union select f.number, 'number', s.name
	from cited c join sources s on s.id = c.tenant join findings f on f.tenant_id = c.tenant and f.id = c.id`

// hits lists the words of n that name its sources, with what was decided on them.
func hits(ctx context.Context, tx *tenants.Tx, n Notice) ([]Hit, error) {
	rows, _ := tx.Query(ctx, sourceNames, pgx.StrictNamedArgs{"id": n.ID, "edition": n.Edition})
	names, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[name])
	if err != nil {
		return nil, fmt.Errorf("list names of the sources: %w", err)
	}
	found := find(n, names)
	if len(found) == 0 {
		return found, nil
	}
	return found, decided(ctx, tx, n, found)
}

// bare returns what counts of a text, as one string.
func bare(text string) string {
	var b strings.Builder
	for _, l := range inspection.Letters(text) {
		b.WriteRune(l.Rune)
	}
	return b.String()
}

// find looks for the names in the notice's text, longer names first: what a
// longer one covers is not reported again for a shorter one.
func find(n Notice, names []name) []Hit {
	for i := range names {
		names[i].plain = bare(names[i].Token)
	}
	names = slices.DeleteFunc(names, func(w name) bool { return len([]rune(w.plain)) < 2 })
	slices.SortFunc(names, func(a, b name) int {
		return cmp.Or(cmp.Compare(len(b.plain), len(a.plain)), cmp.Compare(a.Token, b.Token), cmp.Compare(a.Whose, b.Whose))
	})
	found := []Hit{}
	in := func(at, text string) {
		place := map[int]inspection.Letter{} // by its byte among the letters
		var b strings.Builder
		for _, l := range inspection.Letters(text) {
			place[b.Len()] = l
			b.WriteRune(l.Rune)
		}
		plain := b.String()
		for _, w := range names {
			first := strings.Index(plain, w.plain)
			if first < 0 {
				continue
			}
			last := 0
			for i := range w.plain {
				last = i
			}
			found = append(found, Hit{
				Token: w.Token, Kind: w.Kind, Whose: w.Whose, At: at, Count: strings.Count(plain, w.plain),
				As: text[place[first].Start:place[first+last].End],
			})
			plain = strings.ReplaceAll(plain, w.plain, strings.Repeat("\x00", len(w.plain)))
		}
	}
	in("/tag", n.Tag)
	in("/title", n.Title)
	in("/body", n.Body)
	for i, q := range n.Questions {
		in(fmt.Sprintf("/questions/%d", i), string(q))
	}
	return found
}

// settled refuses hits that settle does not accept.
func settled(found []Hit, settle func(Hit) bool, detail, message string) error {
	var bad []inspection.Field
	for _, h := range found {
		if !settle(h) {
			bad = append(bad, inspection.Field{Pointer: h.At, Code: "identifies", Message: message})
		}
	}
	if len(bad) > 0 {
		return inspection.InvalidFields("notice.identifies", fmt.Sprintf(detail, len(bad)), bad...)
	}
	return nil
}
