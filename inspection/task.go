package inspection

import (
	"time"

	"github.com/google/uuid"
)

// Task is one thing that a person has to do now (待办). Tasks are derived from the
// state of the rows and never stored: a task leaves the list only because the
// business moved on.
type Task struct {
	Verb   string    `json:"verb" doc:"审核、签收、补正、答复"`
	Title  string    `json:"title" doc:"What it is about; no content of confidential rows"`
	Kind   string    `json:"kind" doc:"Kind of the object: item, doubt, plan, visit, check-letter, notice, delivery, escalation, disclosure, opinion, import, reminder, evaluation, followup"`
	ID     uuid.UUID `json:"id" doc:"The object"`
	Number string    `json:"number" doc:"Its business number, or empty"`
	Source string    `json:"source" doc:"Unit, round or office that it comes from"`
	By     string    `json:"by" doc:"Who brought it about"`
	Since  time.Time `json:"since" doc:"When it came"`
	DueOn  *Day      `json:"due_on" doc:"Last day; null if there is none"`
}

// Page is one page of a list.
type Page[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next" doc:"Cursor of the next page; empty on the last"`
	Total int    `json:"total" doc:"How many there are under these filters"`
}

// Cut ends the page behind its limit-th row. It was read with one row more, which only
// says that there is a next page; cursor is the place behind a row.
func (p *Page[T]) Cut(limit int, cursor func(T) string) {
	if len(p.Items) > limit {
		p.Items = p.Items[:limit]
		p.Next = cursor(p.Items[limit-1])
	}
}
