package rectification

import (
	"regexp"
	"slices"
)

// focusWords are what the headings of the four focuses (四个聚焦) say, in whatever
// order a ledger puts them.
var focusWords = []*regexp.Regexp{
	regexp.MustCompile(`决策部署|路线方针政策`),
	regexp.MustCompile(`群众身边|不正之风`),
	regexp.MustCompile(`基层党组织|党员队伍|干部队伍|领导班子`),
	regexp.MustCompile(`整改|成果运用`),
}

// focusOf returns the focus that a category names, or 0 if it names none or more
// than one: then a person says.
func focusOf(category string) int {
	found := 0
	for i, w := range focusWords {
		if w.MatchString(category) {
			if found != 0 {
				return 0
			}
			found = i + 1
		}
	}
	return found
}

// focus returns the focus of a category: as a person said, or as it names it.
func (im Import) focus(category string) int {
	if f, ok := im.Said[category]; ok {
		return f
	}
	return focusOf(category)
}

// focuses lists the categories of the rows in the order of the file.
func (im Import) focuses(rows []ImportRow) []CategoryFocus {
	all := []CategoryFocus{}
	for _, r := range rows {
		category := r.Problem.Category
		i := slices.IndexFunc(all, func(c CategoryFocus) bool { return c.Category == category })
		if i < 0 {
			i = len(all)
			all = append(all, CategoryFocus{Category: category, Focus: im.focus(category)})
		}
		all[i].Problems++
	}
	return all
}
