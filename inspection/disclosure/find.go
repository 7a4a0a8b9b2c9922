package disclosure

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"

	"xuncha/tenants"
)

// MostFound is how many publications one search finds at most, the newest ones:
// whoever finds more asks for something narrower.
const MostFound = 1000

// Find is a question for publications: every word stands somewhere in the text.
type Find struct {
	Words       []string // of two characters and more, at most eight
	Year        int      // of the first publication; 0: any
	Skip, Limit int
}

// Match is a publication that was found.
type Match struct {
	Head
	Data []byte `db:"data"` // canonical JSON
}

// Found is one page of what was found, and how it spreads.
type Found struct {
	Matches []Match
	Total   int  // at most MostFound
	More    bool // there are more than MostFound

	Offices map[tenants.ID]int
	Years   map[int]int
}

// Words returns what a query asks for: its words, without those of one character,
// which stand in nearly every text.
func Words(query string) []string {
	var words []string
	for word := range strings.FieldsSeq(query) {
		if len([]rune(word)) > 1 && len(words) < 8 {
			words = append(words, word)
		}
	}
	return words
}

// Find looks through what an office and those below it publish. Those whose title
// has every word come first, then the newest.
func (r Reader) Find(ctx context.Context, office tenants.Tenant, f Find) (Found, error) {
	found := Found{Offices: map[tenants.ID]int{}, Years: map[int]int{}}
	err := r.DB.In(ctx, tenants.ForPublic(office), func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select p.tenant_id, p.number, p.edition, p.year
			from sec.publications_saying(@words, @year, @most) f
			join publications p using (tenant_id, number, edition)
			where `+tenants.Reach("p")+`
			order by not exists (select from unnest(@words::text[]) w where strpos(lower(p.title), lower(w)) = 0) desc,
				p.published_at desc, p.number`,
			pgx.StrictNamedArgs{"words": f.Words, "year": f.Year, "most": MostFound + 1})
		type row struct {
			Office          tenants.ID
			Number          string
			Edition, InYear int
		}
		all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
		if err != nil {
			return err
		}
		if found.More = len(all) > MostFound; found.More {
			all = all[:MostFound]
		}
		found.Total = len(all)
		for _, a := range all {
			found.Offices[a.Office]++
			found.Years[a.InYear]++
		}
		all = all[min(f.Skip, len(all)):min(f.Skip+f.Limit, len(all))]
		var offices []tenants.ID
		var numbers []string
		var editions []int
		for _, a := range all {
			offices, numbers, editions = append(offices, a.Office), append(numbers, a.Number), append(editions, a.Edition)
		}
		rows, _ = tx.Query(ctx, `
			select p.tenant_id, p.number, p.edition, title, unit_name, unit_kind, round_name, round_term, round_seq, year,
				findings, done, long_term, ongoing, withheld, note, published_at, data
			from unnest(@offices::int[], @numbers::text[], @editions::int[]) with ordinality f (tenant_id, number, edition, n)
			join publications p using (tenant_id, number, edition)
			where `+tenants.Reach("p")+`
			order by n`, pgx.StrictNamedArgs{"offices": offices, "numbers": numbers, "editions": editions})
		found.Matches, err = pgx.CollectRows(rows, pgx.RowToStructByName[Match])
		return err
	})
	if err != nil {
		return Found{}, fmt.Errorf("find publications: %w", err)
	}
	return found, nil
}

// Passage is where a publication says what was asked for.
type Passage struct {
	Item int // the finding's number on the page; 0: not in a finding
	Text string
}

// Passage returns the part of the document that has most of the words.
func (d Document) Passage(words []string) Passage {
	var best Passage
	most := 0
	consider := func(item int, text string) {
		if n := count(text, words); n > most {
			best, most = Passage{item, text}, n
		}
	}
	for _, it := range d.Items {
		for _, text := range []string{it.Title, it.Problem, it.Result, it.Rules, it.Reason, it.Goal, it.Lead} {
			consider(it.No, text)
		}
	}
	for _, text := range []string{d.Organisation, d.HeadDuty, d.Transfers, d.NextSteps, d.Correction} {
		consider(0, text)
	}
	return best
}

// count tells how many of the words a text has, as the index reads both.
func count(text string, words []string) (n int) {
	said := func(s string) string { return strings.ToLower(norm.NFKC.String(s)) }
	text = said(text)
	for _, word := range words {
		if strings.Contains(text, said(word)) {
			n++
		}
	}
	return n
}
