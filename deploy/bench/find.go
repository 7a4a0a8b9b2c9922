package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
)

// noticesFrom is when the first of them was published; then one an hour.
var noticesFrom = time.Date(2024, 1, 2, 9, 0, 0, 0, time.UTC)

// notices is how many publications a search looks through: a large province's of
// some years.
const notices = 10_000

// finding measures how long the public's search takes, page and all: what 95 of
// 100 take at most, for words that are rare, common, long, and together.
func (h House) finding(ctx context.Context, size int) ([]Row, error) {
	site, err := h.Site(ctx)
	if err != nil {
		return nil, err
	}
	w := newWriter()
	if err := h.fillNotices(ctx, w, size); err != nil {
		return nil, err
	}
	var rows []Row
	for _, kind := range []struct {
		name  string
		query func() string
	}{
		{"one word of two characters", w.word},
		{"one word of four characters", func() string { return w.word() + w.word() }},
		{"two words", func() string { return w.word() + " " + w.word() }},
		{"the commonest word", func() string { return w.words[0] }},
		{"a phrase of every title", func() string { return "集中整改进展情况" }},
	} {
		var took []time.Duration
		for n := range 220 {
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/search?q="+url.QueryEscape(kind.query()), nil)
			answer := httptest.NewRecorder()
			began := time.Now()
			site.ServeHTTP(answer, r)
			if n >= 20 { // warm
				took = append(took, time.Since(began))
			}
			if answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), "份") && !strings.Contains(answer.Body.String(), "没有查到") {
				return nil, fmt.Errorf("search = %d", answer.Code)
			}
		}
		rows = append(rows, Row{
			Name: fmt.Sprintf("public search among %d notices, %s, p95", size, kind.name), Unit: "ms", Ours: milliseconds(p95(took)), Want: "≤ 80",
		})
	}
	return rows, nil
}

// writer writes text out of two-character words, a few of which are everywhere
// and most nearly nowhere, as in real text.
type writer struct {
	words []string
	next  *rand.Zipf
}

func newWriter() *writer {
	r := rand.New(rand.NewPCG(1, 2)) // the same text each time
	w := &writer{next: rand.NewZipf(r, 1.1, 20, 5999)}
	for range 6000 {
		w.words = append(w.words, string([]rune{rune(0x4e00 + r.IntN(2500)), rune(0x4e00 + r.IntN(2500))}))
	}
	return w
}

func (w *writer) word() string { return w.words[w.next.Uint64()] }

// text has n words.
func (w *writer) text(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(w.word())
		if i%7 == 6 {
			b.WriteString("，")
		}
	}
	return b.String()
}

// notice is a publication of 14 findings in some 5,000 characters.
func (w *writer) notice(n int) disclosure.Document {
	day := inspection.DayOf(noticesFrom)
	doc := disclosure.Document{
		RoundFrom: day, RoundUntil: day, FeedbackOn: day, PeriodFrom: day, PeriodUntil: day, AsOf: day, Dated: day,
		Form: "xuncha-disclosure/1", Number: fmt.Sprintf("B-XC-2026-%02d-%03d", 1+n/1000, n%1000), Edition: 1,
		Title: "中共" + w.text(3) + "党组关于巡察集中整改进展情况的通报", Unit: w.text(3) + "党组", Organisation: w.text(100), NextSteps: w.text(100),
	}
	for i := range 14 {
		doc.Items = append(doc.Items, disclosure.PublicItem{
			No: i + 1, Status: disclosure.Done, Title: w.text(8), Problem: w.text(30), Result: w.text(110), Rules: "《" + w.text(5) + "办法》",
		})
	}
	return doc
}

// fillNotices publishes so many notices in the hundred offices.
func (h House) fillNotices(ctx context.Context, w *writer, size int) error {
	const of = `tenant_id, disclosure_id, edition, number, unit_id, title, unit_name, unit_kind, round_name, round_term, round_seq, year,
		findings, done, long_term, ongoing, withheld, note, digest, data, article, published_at, opinions_until, approved_name`
	return pgx.BeginFunc(ctx, h.Bare, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `set local session_replication_role = replica`); err != nil { // no drafts stand behind them
			return err
		}
		var columns []string
		for c := range strings.SplitSeq(of, ",") {
			columns = append(columns, strings.TrimSpace(c))
		}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{"publications"}, columns, pgx.CopyFromSlice(size, func(n int) ([]any, error) {
			doc := w.notice(n)
			data, err := json.Marshal(doc)
			at := noticesFrom.Add(time.Duration(n) * time.Hour)
			return []any{
				1010000 + 10*(1+n%offices), uuid.New(), 1, doc.Number, uuid.New(), doc.Title, doc.Unit, "department", "十届县委第六轮巡察", 10, 6, at.Year(),
				14, 14, 0, 0, 0, "",
				[]byte{},
				data,
				[]byte{},
				at, at.AddDate(0, 1, 0), "",
			}, err
		})); err != nil {
			return fmt.Errorf("publish: %w", err)
		}
		_, err := tx.Exec(ctx, `analyze publications`)
		return err
	})
}
