package rectification_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestSignedBytes changes each byte of a signed letter and of a signed urging, one
// after the other: whatever the change, the paper is not what was signed any
// more, nobody signs for it, and put back it is.
func TestSignedBytes(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-11-16")
	l.item("2026-11-23")
	office, city, head := l.As(l.office, tenants.OFF), l.As(l.City[0], tenants.CITY), l.As(l.office, tenants.HEAD, l.unit)
	l.scan()
	letter := l.sign(office, "")
	l.item("2026-10-15")
	l.newUrger()
	l.scanBelow()
	urging := tenantstest.Must(l.letters.Urgings(t.Context(), city, "", 50))(t).Items[0].ID
	tenantstest.Must(l.letters.SignUrging(t.Context(), city, urging))(t)
	papers := map[string]struct {
		table, key string
		intact     func() bool
		receive    func() error
	}{
		"letter": {"letters", "reminder_id", func() bool { return tenantstest.Must(l.letters.Letter(t.Context(), office, letter))(t).Intact }, func() error {
			_, err := l.letters.Acknowledge(t.Context(), head, letter, true)
			return err
		}},
		"urging": {"urgings", "id", func() bool { return tenantstest.Must(l.letters.Urging(t.Context(), city, urging))(t).Intact }, func() error {
			_, err := l.letters.ReceiveUrging(t.Context(), l.As(l.office, tenants.DIR), urging)
			return err
		}},
	}
	for name, p := range papers {
		if !p.intact() {
			t.Fatalf("the %s is not intact as it was signed", name)
		}
		text := []byte(tenantstest.RootValue[string](l.House, `select text::text from `+p.table+` where text is not null`))
		digest := tenantstest.RootValue[[]byte](l.House, `select digest from `+p.table+` where text is not null`)
		put := func(text, digest []byte) {
			l.Root(`update `+p.table+` set text = $1::jsonb, digest = $2 where text is not null`, string(text), digest)
		}
		tried := 0
		for i := range text {
			for _, bit := range []byte{1, 16} {
				changed := append([]byte(nil), text...)
				changed[i] ^= bit
				if !json.Valid(changed) || same(changed, text) {
					continue // no paper, or the same one
				}
				put(changed, digest)
				tried++
				if p.intact() {
					t.Errorf("%s with byte %d changed is intact: %s", name, i, changed)
				}
			}
		}
		if code := inspection.CodeOf(p.receive()); code != "letter.altered" {
			t.Errorf("a changed %s is signed for: %q", name, code)
		}
		for i := range digest {
			changed := append([]byte(nil), digest...)
			changed[i] ^= 1
			put(text, changed)
			tried++
			if p.intact() {
				t.Errorf("%s with byte %d of its digest changed is intact", name, i)
			}
		}
		put(text, digest)
		if !p.intact() || p.receive() != nil {
			t.Errorf("the %s is not what was signed after it was put back", name)
		}
		if tried < 500 {
			t.Errorf("only %d changes were tried", tried)
		}
		t.Logf("R-27: %s: %d changes of one byte, all refused", name, tried)
	}
}

// same reports whether two texts are the same to a database, or cannot be kept in it.
func same(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return true
	}
	p, _ := json.Marshal(x)
	q, _ := json.Marshal(y)
	return string(p) == string(q) || !utf8.Valid(a)
}
