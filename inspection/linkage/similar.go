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

// The bounds of one comparison, so that 100,000 findings take no longer than 20,000:
// the latest are compared, each with the first texts of a few of the groups that share
// a band with it. What is older is compared when the days are narrowed.
const (
	maxCompared = 20_000 // findings
	maxTried    = 50     // groups that one text is compared with
	maxGroups   = 30     // proposed at a time, the most widespread
	maxMembers  = 200    // of one group
	leastGroup  = 3      // findings that are worth a tag
	leastPairs  = 8      // pairs from which a text says something
	perBand     = 2      // hashes in a band: few, since texts that share half of their pairs are to meet
)

// Similar are groups of findings whose texts are near, proposed as common issues.
type Similar struct {
	Groups   []Group `json:"groups" nullable:"false" maxItems:"30" doc:"The most widespread first"`
	Compared int     `json:"compared" doc:"Findings whose texts were compared: the latest"`
	Total    int     `json:"total" doc:"Findings in the narrowing"`
	Percent  int     `json:"percent" doc:"Of their pairs of characters, from which on texts are near"`
}

// Group is findings whose texts are near, and why they are taken together.
type Group struct {
	Tag      string      `json:"tag" doc:"The tag that most of those with one carry; else the first words they share"`
	Reasons  []string    `json:"reasons" nullable:"false"`
	Offices  int         `json:"offices"`
	Units    int         `json:"units"`
	Findings int         `json:"findings"`
	Untagged int         `json:"untagged" doc:"Of them, without the tag"`
	Members  []Similarly `json:"members" nullable:"false" maxItems:"200"`
}

// Similarly is a finding of a group.
type Similarly struct {
	Source
	Percent int    `json:"percent" doc:"Of the pairs of characters that it shares with the group's first; 100 for that one"`
	Tag     string `json:"tag" doc:"The tag of the group, where the finding carries it"`
}

// compared is a finding whose text is compared.
type compared struct {
	Source
	Code string   `db:"code"`
	Tags []string `db:"tags"`
}

// group is a [Group] being made.
type group struct {
	pairs   inspection.Pairs
	members []compared
	percent []int
}

// Similar proposes groups of findings with near texts, of which some do not carry the
// tag yet. That somebody above read those shown is written down in their offices.
func (s *Service) Similar(ctx context.Context, scope tenants.Scope, n Narrow) (out Similar, err error) {
	if err := scope.Role().Allow(office...); err != nil {
		return out, err
	}
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		p, err := tenants.PolicyOf(ctx, tx)
		if err != nil {
			return err
		}
		texts, total, err := toCompare(ctx, tx, n)
		if err != nil {
			return err
		}
		out = Similar{Groups: []Group{}, Compared: len(texts), Total: total, Percent: p.CommonTextPercent}
		for _, g := range gather(texts, p.CommonTextPercent) {
			if proposal := g.propose(); len(g.members) >= leastGroup && proposal.Untagged > 0 {
				out.Groups = append(out.Groups, proposal)
			}
		}
		slices.SortStableFunc(out.Groups, func(a, b Group) int {
			return cmp.Or(cmp.Compare(b.Offices, a.Offices), cmp.Compare(b.Findings, a.Findings))
		})
		out.Groups = out.Groups[:min(len(out.Groups), maxGroups)]
		count := map[tenants.ID]int{}
		for _, g := range out.Groups {
			for _, m := range g.Members {
				count[m.Tenant]++
			}
		}
		readAbove(tx, count, "比对相近问题")
		return nil
	})
	return out, err
}

// toCompare reads the latest findings with their tags, and counts all.
func toCompare(ctx context.Context, tx *tenants.Tx, n Narrow) (texts []compared, total int, err error) {
	args := pgx.StrictNamedArgs{}
	if err = tx.QueryRow(ctx, `select count(*) from findings f where `+n.where(args), args).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count findings: %w", err)
	}
	args = pgx.StrictNamedArgs{"most": maxCompared}
	rows, _ := tx.Query(ctx, `
		with tagged as materialized (
			select i.tenant_id, i.id, array_agg(i.tag order by i.tag) as tags from (`+n.issues(ByTag, args)+`) i group by i.tenant_id, i.id)
		select `+sourceColumns+`, coalesce(f.taxonomy, '') as code, coalesce(g.tags, '{}') as tags
		from `+sourceTables+` left join tagged g on (g.tenant_id, g.id) = (f.tenant_id, f.id)
		where `+n.where(args)+`
		order by f.feedback_on desc nulls last, f.tenant_id, f.id
		limit @most`, args)
	if texts, err = pgx.CollectRows(rows, pgx.RowToStructByName[compared]); err != nil {
		return nil, 0, fmt.Errorf("findings to compare: %w", err)
	}
	return texts, total, nil
}

// gather puts each text to the group whose first text is nearest, if one is near
// enough, and else begins a group with it.
func gather(texts []compared, percent int) []*group {
	var groups []*group
	begun := map[int64][]int{} // groups by the bands of their first texts
	for _, t := range texts {
		pairs := inspection.PairsOf(t.Text)
		if len(pairs) < leastPairs {
			continue
		}
		bands := pairs.Bands(perBand)
		best, score, tried := -1, percent-1, map[int]bool{}
		for _, band := range bands {
			for _, i := range begun[band] {
				if tried[i] || len(tried) == maxTried {
					continue
				}
				tried[i] = true
				if s := pairs.Alike(groups[i].pairs); s > score {
					best, score = i, s
				}
			}
		}
		if best < 0 {
			best, score = len(groups), 100
			groups = append(groups, &group{pairs: pairs})
			for _, band := range bands {
				if len(begun[band]) < maxTried {
					begun[band] = append(begun[band], best)
				}
			}
		}
		groups[best].members = append(groups[best].members, t)
		groups[best].percent = append(groups[best].percent, score)
	}
	return groups
}

// propose says what the findings of a group have in common.
func (g *group) propose() Group {
	offices, units, codes, tags := map[string]bool{}, map[string]bool{}, map[string]int{}, map[string]int{}
	for _, m := range g.members {
		offices[m.Office], units[m.Office+m.UnitName] = true, true
		codes[m.Code]++
		for _, tag := range m.Tags {
			tags[tag]++
		}
	}
	p := Group{Offices: len(offices), Units: len(units), Findings: len(g.members), Members: []Similarly{}}
	tag, carry := most(tags)
	words := g.words()
	if p.Tag = tag; tag == "" && len(words) > 0 {
		p.Tag = string([]rune(words[0])[:min(40, len([]rune(words[0])))])
	}
	p.Untagged = p.Findings - carry
	p.Reasons = append(p.Reasons, fmt.Sprintf("%d 条与 %s 文字相近，相同字对 %d%% 以上",
		p.Findings-1, g.members[0].Number, slices.Min(g.percent)))
	if len(words) > 0 {
		p.Reasons = append(p.Reasons, "多数共有的词语：“"+strings.Join(words, "”“")+"”")
	}
	if code, n := most(codes); code != "" && n > 1 {
		p.Reasons = append(p.Reasons, fmt.Sprintf("%d 条的分类代码同为 %s", n, code))
	}
	if carry > 0 {
		p.Reasons = append(p.Reasons, fmt.Sprintf("其中 %d 条已带标签“%s”", carry, tag))
	}
	for i, m := range g.members[:min(len(g.members), maxMembers)] {
		own := Similarly{Source: m.Source, Percent: g.percent[i]}
		if slices.Contains(m.Tags, tag) {
			own.Tag = tag
		}
		p.Members = append(p.Members, own)
	}
	return p
}

// most returns the key that is counted most, the first of several by its letters.
func most(counts map[string]int) (key string, n int) {
	for k, c := range counts {
		if c > n || c == n && k < key {
			key, n = k, c
		}
	}
	return key, n
}

// leastWords is how many characters words in common have: fewer are found anywhere.
const leastWords = 4

// words are passages of the group's first text whose pairs two thirds of
// the others share, the longest three in their order.
func (g *group) words() []string {
	shared := map[[2]rune]int{}
	for _, m := range g.members {
		for p := range inspection.PairsOf(m.Text) {
			shared[p]++
		}
	}
	first := g.members[0].Text
	letters := inspection.Letters(first)
	var all []string
	for from := 0; from < len(letters); {
		to := from
		for to+1 < len(letters) && letters[to].End == letters[to+1].Start &&
			3*shared[[2]rune{letters[to].Rune, letters[to+1].Rune}] >= 2*len(g.members) {
			to++
		}
		if words := first[letters[from].Start:letters[to].End]; to-from+1 >= leastWords && !slices.Contains(all, words) {
			all = append(all, words)
		}
		from = to + 1
	}
	for len(all) > 3 {
		shortest := slices.MinFunc(all, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
		all = slices.DeleteFunc(all, func(w string) bool { return w == shortest })
	}
	return all
}
