package checks

import (
	"encoding/base64"
	"encoding/json"

	"xuncha/inspection"
)

// cursor is where a page of a list ended.
type cursor struct {
	Day    string `json:"d"`
	Number string `json:"n"`
	Nth    int    `json:"t"`
}

// noDay stands for a visit without a day: behind all others.
const noDay = "2199-12-31"

func (v Visit) cursor() string {
	c := cursor{Day: noDay, Number: v.Number, Nth: v.Nth}
	if v.PlannedOn != nil {
		c.Day = v.PlannedOn.String()
	}
	b, _ := json.Marshal(c) // strings and a number always marshal
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(s string) (cursor, error) {
	c := cursor{Day: "1949-01-01"}
	if s == "" {
		return c, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err == nil {
		_, err = inspection.ParseDay(c.Day)
	}
	if err != nil {
		return c, inspection.Errorf(inspection.Invalid, "cursor", "页码已失效，请从第一页重新查看。")
	}
	return c, nil
}
