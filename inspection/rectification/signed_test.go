package rectification_test

import (
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestSignedBytes changes each byte of a signed letter and of a signed urging, one
// after the other: whatever the change, the paper is not what was signed any
// more to the service and to the command that verifies, nobody signs for it, and put back
// it is.
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
	audited := func(what string, want int) {
		t.Helper()
		tenantstest.Holds(t, l.House.DB, l.office, what, want, rectification.SealedLetters)
	}
	audited("as signed", 2)
	for name, p := range papers {
		if !p.intact() {
			t.Fatalf("the %s is not intact as it was signed", name)
		}
		tried := tenantstest.EveryByte(l.House, p.table, "text", 3, func(changed string) {
			if p.intact() {
				t.Errorf("%s is intact with %s", name, changed)
			}
			audited(name+" with "+changed, 1)
		})
		l.Root(`update ` + p.table + ` set digest = set_byte(digest, 0, get_byte(digest, 0) # 1) where text is not null`)
		if code := inspection.CodeOf(p.receive()); code != "letter.altered" {
			t.Errorf("a changed %s is signed for: %q", name, code)
		}
		l.Root(`update ` + p.table + ` set digest = set_byte(digest, 0, get_byte(digest, 0) # 1) where text is not null`)
		if !p.intact() || p.receive() != nil {
			t.Errorf("the %s is not what was signed after it was put back", name)
		}
		if tried < 300 {
			t.Errorf("only %d changes were tried", tried)
		}
		t.Logf("R-27: %s: %d changes of one byte, all refused by both", name, tried)
	}
	audited("put back", 2)
	// Text and digest exchanged together: the row holds by itself, and the journal knows nothing of it.
	other := rectification.LetterText{Title: "别的", Body: []string{}, DueOn: tenantstest.Day(t, "2026-11-20"), DatedOn: tenantstest.Day(t, "2026-11-20")}
	l.Root(`update letters set text = $1, digest = $2 where text is not null`, other, other.Digest())
	if !tenantstest.Must(l.letters.Letter(t.Context(), office, letter))(t).Intact {
		t.Error("control: the row does not hold by itself")
	}
	audited("text and digest exchanged", 1)
}
