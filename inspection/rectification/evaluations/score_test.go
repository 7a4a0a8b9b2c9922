package evaluations_test

import (
	"testing"

	"xuncha/inspection/rectification/evaluations"
	"xuncha/tenants"
)

// TestScore computes the samples of UX §5.10 from the counts and deductions behind
// them, and what lies on a line.
func TestScore(t *testing.T) {
	t.Parallel()
	type deducted map[string]evaluations.Points
	tests := []struct {
		name     string
		deducted deducted
		survey   evaluations.Survey
		points   string
		grade    string
	}{
		{"县民政局", deducted{"1.4": 10, "2.1": 15, "3.4": 50}, evaluations.Survey{Content: 31, Fair: 8, Discontent: 1, Unknown: 4}, "91.7", "好"},
		{"县农业农村局", deducted{"1.4": 30, "2.4": 50, "3.1": 190}, evaluations.Survey{Content: 16, Fair: 20, Discontent: 4}, "70.8", "一般"},
		{"on the line", deducted{"3.1": 100}, evaluations.Survey{Content: 20}, "90", "好"},
		{"below the line by a tenth", deducted{"3.1": 101}, evaluations.Survey{Content: 20}, "89.9", "较好"},
		{"不了解 does not count", deducted{}, evaluations.Survey{Content: 20, Unknown: 500}, "100", "好"},
		{"nobody answered", deducted{}, evaluations.Survey{}, "100", "好"},
	}
	for _, tt := range tests {
		n := evaluations.Snapshot{Card: evaluations.Issue{Card: shipped(t)[0]}, Survey: &tt.survey}
		for item, points := range tt.deducted {
			n.Entries = append(n.Entries, evaluations.Entry{Item: item, Points: points})
		}
		if r := evaluations.Score(n); r.Points.String() != tt.points || r.Grade != tt.grade {
			t.Errorf("%s: %s %s, want %s %s", tt.name, r.Points, r.Grade, tt.points, tt.grade)
		}
	}
	n := evaluations.Snapshot{
		Card: evaluations.Issue{Card: shipped(t)[0]}, Votes: evaluations.Votes{Content: 10, Discontent: 10},
		Survey: &evaluations.Survey{Content: 20},
	}
	if with := evaluations.Score(n); with.Satisfaction.Answers != 40 || with.Satisfaction.Rate != 825 {
		t.Errorf("with votes on site: %+v", with.Satisfaction)
	}
	n.Card.Scale.Visits = false
	if without := evaluations.Score(n); without.Satisfaction.Answers != 20 || without.Satisfaction.Rate != 1000 {
		t.Errorf("without: %+v", without.Satisfaction)
	}
}

// TestGrades: of the parties' grades the middle counts, of two in the middle the
// lower.
func TestGrades(t *testing.T) {
	t.Parallel()
	tests := []struct {
		given []string
		want  string
	}{
		{[]string{"好", "好", "差"}, "好"},
		{[]string{"好", "较好", "差"}, "较好"},
		{[]string{"好", "差"}, "差"},
		{[]string{"较好"}, "较好"},
	}
	for _, tt := range tests {
		n := evaluations.Snapshot{Card: evaluations.Issue{Card: shipped(t)[1]}}
		for _, a := range n.Card.Aspects {
			for i, g := range tt.given {
				n.Marks = append(n.Marks, evaluations.Mark{Aspect: a.Key, Party: []tenants.Role{"DISC", "ORG", "OFF"}[i], Grade: g})
			}
		}
		if r := evaluations.Score(n); r.Grade != tt.want || r.Points != nil {
			t.Errorf("%v come to %s, want %s", tt.given, r.Grade, tt.want)
		}
	}
}
