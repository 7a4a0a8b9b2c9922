package inspection_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"

	"xuncha/inspection"
)

// TestParseID: a malformed name and an unknown one must look alike (BI-046).
func TestParseID(t *testing.T) {
	t.Parallel()
	const good = "019ad2f0-1c3b-7a54-9d6e-0b1c2d3e4f50"
	if id, err := inspection.ParseID[inspection.FindingID](good); err != nil || id.String() != good {
		t.Errorf("%s is read as %s, %v", good, id, err)
	}
	for _, s := range []string{
		"", "1", strings.ToUpper(good), "{" + good + "}", "urn:uuid:" + good, strings.ReplaceAll(good, "-", ""), good + " ", " " + good,
		good + "\x00", good[:35], good + "0", strings.Replace(good, "0", "０", 1), "g" + good[1:],
		"' or 1=1 --", "../../etc/passwd", "%2e%2e%2f", strings.Repeat("0", 10_000),
	} {
		id, err := inspection.ParseID[inspection.FindingID](s)
		if inspection.KindOf(err) != inspection.NotFound || inspection.CodeOf(err) != "not-found" || id.UUID != uuid.Nil {
			t.Errorf("%.50q is read as %s, %v", s, id, err)
		}
		if _, other := inspection.ParseID[inspection.UnitID]("x"); err.Error() != other.Error() {
			t.Errorf("%.50q is told apart: %v", s, err)
		}
	}
}

// TestNewID: identifiers sort by when they were made, and are written in the one
// form that is read.
func TestNewID(t *testing.T) {
	t.Parallel()
	last := inspection.FindingID{}
	for range 10_000 {
		id := inspection.NewID[inspection.FindingID]()
		if id.String() <= last.String() || id.Version() != 7 {
			t.Fatalf("%s, version %d, comes after %s", id, id.Version(), last)
		}
		last = id
	}
	b, err := json.Marshal(last)
	if err != nil || string(b) != `"`+last.String()+`"` {
		t.Fatalf("%s in JSON is %s, %v", last, b, err)
	}
	if back, err := inspection.ParseID[inspection.FindingID](last.String()); err != nil || back != last {
		t.Errorf("%s is read as %s, %v", last, back, err)
	}
}
