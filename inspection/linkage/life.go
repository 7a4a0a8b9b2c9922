package linkage

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Side is a party to what passes between two offices.
type Side string

// The sides. An office and its own unit are two sides, too.
const (
	Issuer    Side = "issuer"    // sent the notice
	Recipient Side = "recipient" // was sent it
	Raiser    Side = "raiser"    // raised the matter
	Holder    Side = "holder"    // has it now
)

// Transition is one line of a table: in From, somebody of these roles on this
// side may do Do, which leads to To.
type Transition[S, D ~string] struct {
	From S
	Do   D
	To   S
	Side Side
	By   []tenants.Role
}

// life is the table of one lifecycle. The API's enums, what a person may do next,
// the diagram, the database's check and the tests are all read from it.
type life[S, D ~string] struct {
	name  string // begins the codes of its failures
	table []Transition[S, D]
	words map[S]string // what people call the states
	deeds map[D]string // and the acts
}

// next returns the state that do leads to from s, or why it does not.
func (l life[S, D]) next(s S, do D, side Side, role tenants.Role) (S, error) {
	for _, t := range l.table {
		if t.From != s || t.Do != do {
			continue
		}
		switch {
		case t.Side != side:
			return s, inspection.Errorf(inspection.Forbidden, l.name+".wrong-side", "%s应由另一方办理。", l.deeds[do])
		case !slices.Contains(t.By, role):
			return s, inspection.Errorf(inspection.Forbidden, l.name+".wrong-role", "%s需由%s办理。", l.deeds[do], named(t.By))
		}
		return t.To, nil
	}
	return s, inspection.Errorf(inspection.Conflict, l.name+".wrong-state", "未能%s：现为“%s”。%s", l.deeds[do], l.words[s], l.before(do))
}

// before says in which states do is possible: the step that is missing.
func (l life[S, D]) before(do D) string {
	var from []string
	for _, t := range l.table {
		if w := "“" + l.words[t.From] + "”"; t.Do == do && !slices.Contains(from, w) {
			from = append(from, w)
		}
	}
	return "须在" + strings.Join(from, "或") + "时办理。"
}

// allowed lists what role may do from s, on any of these sides.
func (l life[S, D]) allowed(s S, role tenants.Role, sides ...Side) []D {
	out := []D{}
	for _, t := range l.table {
		if t.From == s && slices.Contains(sides, t.Side) && slices.Contains(t.By, role) && !slices.Contains(out, t.Do) {
			out = append(out, t.Do)
		}
	}
	return out
}

// states lists the states in the order of the table.
func (l life[S, D]) states() []S {
	var out []S
	for _, t := range l.table {
		for _, s := range []S{t.From, t.To} {
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// acts lists the acts in the order of the table.
func (l life[S, D]) acts() []D {
	var out []D
	for _, t := range l.table {
		if !slices.Contains(out, t.Do) {
			out = append(out, t.Do)
		}
	}
	return out
}

// draw writes the table as a Mermaid state diagram.
func (l life[S, D]) draw(w io.Writer) error {
	if _, err := fmt.Fprintln(w, "stateDiagram-v2"); err != nil {
		return err
	}
	for _, t := range l.table {
		by := make([]string, len(t.By))
		for i, r := range t.By {
			by[i] = string(r)
		}
		_, err := fmt.Fprintf(w, "    %s --> %s: %s (%s %s)\n", t.From, t.To, t.Do, t.Side, strings.Join(by, " "))
		if err != nil {
			return err
		}
	}
	return nil
}

func named(roles []tenants.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = r.Name()
	}
	return strings.Join(names, "或")
}

// WriteDiagrams writes the three tables as Mermaid state diagrams.
func WriteDiagrams(w io.Writer) error {
	for _, draw := range []func(io.Writer) error{notices.draw, deliveries.draw, matters.draw} {
		if err := draw(w); err != nil {
			return err
		}
	}
	return nil
}
