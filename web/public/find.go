package public

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
)

// finding is P06: what a search over all publications, or those of one region,
// brought.
type finding struct {
	heads
	Words              string
	Asked              bool // there is a word to look for
	Short              bool // there is none, but the reader typed something
	Region             string
	Hits               []hit
	Total, Page, Pages int
	More               bool
	Regions, Years     []facet
	Without            []facet // the search with one of its limits taken off
	words              []string
}

// facet is a search narrowed or widened, and how many it finds.
type facet struct {
	Name, Path string
	Texts      int
}

// hit is one publication with the passage that was looked for.
type hit struct {
	disclosure.Head
	Title []span
	Item  int // its finding; 0: none
	Said  []span
}

// span is a piece of text, marked where it is what the reader looks for.
type span struct {
	Text string
	On   bool
}

func (s *Site) find(ctx context.Context, to address, at place) (page, error) {
	within, err := at.region.find(to.region)
	if err != nil {
		return page{}, err
	}
	v := finding{
		heads: heads{frame: s.frame(to, at, "查询", "查询"), region: at.region, Several: true},
		Words: to.words, words: disclosure.Words(to.words), Page: to.page, Pages: 1, Region: strings.Join(to.region, "/"),
	}
	v.Asked, v.Short = len(v.words) > 0, len(v.words) == 0 && to.words != ""
	v.Indexed, v.Description = false, "按单位、标题和内容查询整改情况通报。"
	v.narrowed(to, within)
	if !v.Asked {
		return show(http.StatusOK, "find.html", v)
	}
	found, err := s.Reader.Find(ctx, within.office, disclosure.Find{
		Words: v.words, Year: to.year, Skip: (to.page - 1) * perPage, Limit: perPage,
	})
	if err != nil {
		return page{}, err
	}
	v.Total, v.More = found.Total, found.More
	if v.Pages = max(1, (found.Total+perPage-1)/perPage); to.page > v.Pages {
		return page{}, inspection.Errorf(inspection.NotFound, "not-found", "没有这个页面。")
	}
	for _, h := range found.Matches {
		one, err := v.hit(h)
		if err != nil {
			return page{}, err
		}
		v.Hits = append(v.Hits, one)
	}
	v.spread(to, within, found)
	if to.page > 1 {
		v.Prev = to.turned(to.page - 1).key()
	}
	if to.page < v.Pages {
		v.Next = to.turned(to.page + 1).key()
	}
	return show(http.StatusOK, "find.html", v)
}

// turned is the address of another page of a list.
func (to address) turned(page int) address {
	to.page = page
	return to
}

// narrowed says what the search keeps to, and how to leave that.
func (v *finding) narrowed(to address, within place) {
	wide := to.turned(1)
	if len(to.region) > 0 {
		wide.region = nil
		v.Without = append(v.Without, facet{Name: within.office.Name, Path: wide.key()})
		wide.region = to.region
	}
	if to.year > 0 {
		wide.year = 0
		v.Without = append(v.Without, facet{Name: fmt.Sprintf("%d年", to.year), Path: wide.key()})
	}
}

// spread counts what was found by region and year, the most first.
func (v *finding) spread(to address, within place, found disclosure.Found) {
	narrow := to.turned(1)
	for _, t := range within.below {
		n := found.Offices[t.ID]
		for _, b := range within.region.below[t.ID] {
			n += found.Offices[b.ID]
		}
		narrow.region = append(slices.Clone(to.region), t.Slug)
		if n > 0 {
			v.Regions = append(v.Regions, facet{t.Name, narrow.key(), n})
		}
	}
	slices.SortStableFunc(v.Regions, func(a, b facet) int { return b.Texts - a.Texts })
	if narrow.region = to.region; to.year > 0 {
		return
	}
	for year, n := range found.Years {
		narrow.year = year
		v.Years = append(v.Years, facet{fmt.Sprintf("%d年", year), narrow.key(), n})
	}
	slices.SortFunc(v.Years, func(a, b facet) int { return cmp.Compare(b.Name, a.Name) })
}

func (v *finding) hit(h disclosure.Match) (hit, error) {
	var doc disclosure.Document
	if err := json.Unmarshal(h.Data, &doc); err != nil {
		return hit{}, fmt.Errorf("read publication %s: %w", h.Number, err)
	}
	passage := doc.Passage(v.words)
	return hit{h.Head, marked(h.Head.Title, v.words), passage.Item, excerpt(marked(passage.Text, v.words))}, nil
}

// marked cuts a text where the words stand, in small or capital letters.
func marked(text string, words []string) []span {
	var spans []span
	from := 0
	for at := 0; at < len(text); {
		if n := wordAt(text[at:], words); n > 0 {
			if from < at {
				spans = append(spans, span{text[from:at], false})
			}
			spans = append(spans, span{text[at : at+n], true})
			at += n
			from = at
			continue
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	if from < len(text) {
		spans = append(spans, span{text[from:], false})
	}
	return spans
}

// wordAt returns how many bytes of text the first word takes that it begins with.
func wordAt(text string, words []string) int {
	for _, word := range words {
		if len(word) <= len(text) && strings.EqualFold(text[:len(word)], word) {
			return len(word)
		}
	}
	return 0
}

const (
	leadIn   = 30  // characters of a passage shown before its first mark
	passages = 120 // characters shown of a passage
)

// excerpt keeps of a passage what stands around its first mark.
func excerpt(spans []span) []span {
	left := passages
	var kept []span
	for i, s := range spans {
		runes := []rune(s.Text)
		if i == 0 && !s.On && len(spans) > 1 && len(runes) > leadIn {
			runes = append([]rune{'…'}, runes[len(runes)-leadIn:]...)
		}
		if len(runes) > left {
			return append(kept, span{string(runes[:left]) + "…", s.On})
		}
		left -= len(runes)
		kept = append(kept, span{string(runes), s.On})
	}
	return kept
}
