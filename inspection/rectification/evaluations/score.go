package evaluations

import (
	"slices"
)

// Result is what a snapshot comes to.
type Result struct {
	Points       *Points       `json:"points" nullable:"true" minimum:"0" maximum:"10000" doc:"Tenths of a point; null on a card of grades"`
	Grade        string        `json:"grade" maxLength:"10"`
	Plain        string        `json:"plain" maxLength:"10" doc:"The grade without any veto"`
	Veto         bool          `json:"veto"`
	Vetoes       []Vetoed      `json:"vetoes" nullable:"false" maxItems:"10"`
	Aspects      []AspectScore `json:"aspects" nullable:"false" maxItems:"12"`
	Satisfaction Satisfied     `json:"satisfaction"`
}

// Vetoed is a veto that was seen, with the rows.
type Vetoed struct {
	Veto
	Rows []Link `json:"rows" nullable:"false" maxItems:"2000"`
}

// AspectScore is what one aspect comes to.
type AspectScore struct {
	Aspect   string `json:"aspect" maxLength:"40"`
	Name     string `json:"name" maxLength:"30"`
	Weight   Points `json:"weight"`
	Points   Points `json:"points"`
	Deducted Points `json:"deducted"`
	Grade    string `json:"grade" maxLength:"10" doc:"On a card of grades"`
}

// Satisfied is how content people are.
type Satisfied struct {
	Answers int  `json:"answers" doc:"Those that count"`
	Rate    int  `json:"rate" doc:"Tenths of a percent, by the card's scale"`
	Enough  bool `json:"enough"`
}

// Score computes what a snapshot comes to. It depends on nothing else.
func Score(n Snapshot) Result {
	c := n.Card
	r := Result{Vetoes: []Vetoed{}, Aspects: []AspectScore{}, Satisfaction: n.satisfied()}
	if c.Kind == ByPoints {
		n.scorePoints(&r)
	} else {
		n.scoreGrades(&r)
	}
	r.Grade = r.Plain
	for _, v := range c.Vetoes {
		if rows := rowsOf(n.Facts, v.Fact); len(rows) > 0 {
			r.Vetoes = append(r.Vetoes, Vetoed{v, rows})
			r.Veto, r.Grade = true, c.worst()
		}
	}
	return r
}

// scorePoints takes the deductions off, never below nothing in any aspect.
func (n Snapshot) scorePoints(r *Result) {
	var total Points
	for _, a := range n.Card.Aspects {
		s := AspectScore{Aspect: a.Key, Name: a.Name, Weight: a.Weight}
		for _, it := range a.Items {
			s.Deducted += min(n.deduction(it, r.Satisfaction), it.Cap)
		}
		s.Deducted = min(s.Deducted, a.Weight)
		s.Points = a.Weight - s.Deducted
		total += s.Points
		r.Aspects = append(r.Aspects, s)
	}
	r.Points, r.Plain = &total, n.Card.worst()
	for _, g := range n.Card.Grades {
		if total >= g.From {
			r.Plain = g.Name
			break
		}
	}
}

// deduction is what one item takes off: as people entered it, or as the scale says.
func (n Snapshot) deduction(it Item, s Satisfied) Points {
	if it.Fact == Satisfaction {
		return it.Cap - s.of(it.Cap, n)
	}
	for _, e := range n.Entries {
		if e.Item == it.ID {
			return e.Points
		}
	}
	return 0
}

// scoreGrades takes the middle grade of each aspect's, and of the aspects; of two in
// the middle the lower.
func (n Snapshot) scoreGrades(r *Result) {
	var all []int
	for _, a := range n.Card.Aspects {
		var given []int
		for _, m := range n.Marks {
			if g := n.Card.grade(m.Grade); m.Aspect == a.Key && g >= 0 {
				given = append(given, g)
			}
		}
		s := AspectScore{Aspect: a.Key, Name: a.Name}
		if len(given) > 0 {
			g := middle(given)
			s.Grade = n.Card.Grades[g].Name
			all = append(all, g)
		}
		r.Aspects = append(r.Aspects, s)
	}
	if len(all) > 0 {
		r.Plain = n.Card.Grades[middle(all)].Name
	}
}

// middle returns the middle of places in the order of grades, the best first.
func middle(places []int) int {
	sorted := slices.Sorted(slices.Values(places))
	return sorted[len(sorted)/2]
}

// counted are the answers that count.
func (n Snapshot) counted() Votes {
	var v Votes
	if n.Card.Scale.Visits {
		v = n.Votes
	}
	if s := n.Survey; s != nil {
		v.Content, v.Fair, v.Discontent = v.Content+s.Content, v.Fair+s.Fair, v.Discontent+s.Discontent
	}
	return v
}

// weighed is what the answers are worth, in percent of one answer, and how many
// there are.
func (n Snapshot) weighed() (worth, answers int) {
	v, scale := n.counted(), n.Card.Scale
	return v.Content*scale.Content + v.Fair*scale.Fair + v.Discontent*scale.Discontent, v.Content + v.Fair + v.Discontent
}

func (n Snapshot) satisfied() Satisfied {
	worth, answers := n.weighed()
	s := Satisfied{Answers: answers, Enough: answers >= n.Card.Scale.Least}
	if answers > 0 {
		s.Rate = halfUp(worth*10, answers)
	}
	return s
}

// of returns how much of full is reached. It is rounded once, from the counts.
func (s Satisfied) of(full Points, n Snapshot) Points {
	worth, answers := n.weighed()
	if answers == 0 {
		return full
	}
	return Points(halfUp(int(full)*worth, answers*100))
}

// halfUp divides and rounds, a half upwards.
func halfUp(a, b int) int { return (2*a + b) / (2 * b) }
