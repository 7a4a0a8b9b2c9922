package tenants

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"xuncha/inspection"
)

// Side is a party to what passes between two offices, such as the issuer of a
// notice. What happens inside one office has no sides.
type Side string

// Start is the state that a lifecycle begins in where there is no row yet.
const Start = "[*]"

// Step is one line of a lifecycle: in From, any of By may do Do, which leads to To.
type Step[S, D ~string] struct {
	From S
	Do   D
	To   S
	By   []Role
}

// Life is the table of one lifecycle. The API's enums, what a person may do next,
// the diagram, the database's check and the tests are all read from it. No two
// steps leave one state by the same act (tenantstest.Life).
type Life[S, D ~string] struct {
	Name   string // begins the codes of its refusals: notice.wrong-state
	Steps  []Step[S, D]
	Called map[S]string // what people call the states
	Doing  map[D]string // and the acts
	Sides  map[D]Side   // whose act it is, in what passes between two offices
}

// From returns the step in which any of by may do do in from, which leads to to.
func From[S, D ~string](from S, do D, to S, by []Role) Step[S, D] {
	return Step[S, D]{from, do, to, by}
}

// Stay returns steps that leave each of these states as it is.
func Stay[S, D ~string](do D, by []Role, states ...S) []Step[S, D] {
	steps := make([]Step[S, D], len(states))
	for i, s := range states {
		steps[i] = From(s, do, s, by)
	}
	return steps
}

// Next returns the state that do leads to from s when role does it, standing on
// these sides. Otherwise it returns s and an error that says what is missing:
// Conflict for the state, Forbidden for the side and the role.
func (l Life[S, D]) Next(s S, do D, role Role, sides ...Side) (S, error) {
	for _, step := range l.Steps {
		if step.From != s || step.Do != do {
			continue
		}
		if !l.onSide(do, sides) {
			return s, inspection.Errorf(inspection.Forbidden, l.Name+".wrong-side", "%s应由另一方办理。", l.Doing[do])
		}
		if err := role.Allow(step.By...); err != nil {
			return s, err
		}
		return step.To, nil
	}
	return s, inspection.Errorf(inspection.Conflict, l.Name+".wrong-state",
		"%s未能办理：现为“%s”%s。", l.Doing[do], l.Called[s], l.before(do))
}

// Allowed lists what role may do from s on these sides, in the order of the table.
func (l Life[S, D]) Allowed(s S, role Role, sides ...Side) []D {
	may := []D{}
	for _, step := range l.Steps { // not by Next: a list asks this for every row, and refusals cost
		if step.From == s && slices.Contains(step.By, role) && l.onSide(step.Do, sides) {
			may = append(may, step.Do)
		}
	}
	return may
}

// States lists the states that a row can have, in the order of the table.
func (l Life[S, D]) States() []S {
	var all []S
	for _, step := range l.Steps {
		for _, s := range []S{step.From, step.To} {
			if s != Start && !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// Acts lists the acts in the order of the table.
func (l Life[S, D]) Acts() []D {
	var all []D
	for _, step := range l.Steps {
		if !slices.Contains(all, step.Do) {
			all = append(all, step.Do)
		}
	}
	return all
}

// Draw writes the table as a Mermaid state diagram.
func (l Life[S, D]) Draw(w io.Writer) error {
	if _, err := fmt.Fprintln(w, "stateDiagram-v2"); err != nil {
		return err
	}
	for _, step := range l.Steps {
		who := make([]string, 0, 1+len(step.By))
		if side, ok := l.Sides[step.Do]; ok {
			who = append(who, string(side)+":")
		}
		for _, r := range step.By {
			who = append(who, string(r))
		}
		_, err := fmt.Fprintf(w, "    %s --> %s: %s (%s)\n", step.From, step.To, step.Do, strings.Join(who, " "))
		if err != nil {
			return err
		}
	}
	return nil
}

func (l Life[S, D]) onSide(do D, sides []Side) bool {
	side, ok := l.Sides[do]
	return !ok || slices.Contains(sides, side)
}

// before says in which states do is possible: the step that is missing. What has
// to be the first step of all is not possible any more.
func (l Life[S, D]) before(do D) string {
	var from []string
	for _, step := range l.Steps {
		if step.Do == do && step.From != Start {
			from = append(from, "“"+l.Called[step.From]+"”")
		}
	}
	if from == nil {
		return ""
	}
	return "，须在" + strings.Join(from, "或") + "时办理"
}
