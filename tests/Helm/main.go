// Renders a chart as "helm template" does for charts that use no more than this: text/template, the functions of sprig, toYaml, fromYaml
// and include, the objects Values, Release, Chart and Capabilities, and values.schema.json checked first by the library that Helm 3 used.
// Not proven by it: Helm's own code, hooks, dependencies, lookup, upgrades of a release.
//
// usage: main CHART NAMESPACE < VALUES      VALUES: YAML laid over the chart's values.yaml
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"github.com/xeipuuv/gojsonschema"
	"sigs.k8s.io/yaml"
)

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(chart, namespace string) error {
	values := map[string]interface{}{}
	meta := map[string]interface{}{}
	over := map[string]interface{}{}
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	if err := read(filepath.Join(chart, "values.yaml"), &values); err != nil {
		return err
	}
	if err := read(filepath.Join(chart, "Chart.yaml"), &meta); err != nil {
		return err
	}
	if err := yaml.Unmarshal(input, &over); err != nil {
		return err
	}
	merge(values, over)
	if err := validate(filepath.Join(chart, "values.schema.json"), values); err != nil {
		return err
	}

	files, err := filepath.Glob(filepath.Join(chart, "templates", "*"))
	if err != nil {
		return err
	}
	sort.Strings(files)
	all := template.New("chart").Option("missingkey=zero")
	functions := sprig.TxtFuncMap()
	functions["toYaml"] = func(value interface{}) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	functions["fromYaml"] = func(text string) (map[string]interface{}, error) {
		value := map[string]interface{}{}
		return value, yaml.Unmarshal([]byte(text), &value)
	}
	functions["include"] = func(name string, data interface{}) (string, error) {
		var text bytes.Buffer
		err := all.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	delete(functions, "env")
	delete(functions, "expandenv")
	all.Funcs(functions)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := all.New(filepath.Base(file)).Parse(string(text)); err != nil {
			return err
		}
	}

	data := map[string]interface{}{
		"Values":  values,
		"Chart":   map[string]interface{}{"Name": meta["name"], "Version": meta["version"], "AppVersion": meta["appVersion"]},
		"Release": map[string]interface{}{"Name": "test", "Namespace": namespace, "Service": "Helm", "IsInstall": true},
	}
	for _, file := range files {
		name := filepath.Base(file)
		if strings.HasPrefix(name, "_") {
			continue
		}
		var text bytes.Buffer
		if err := all.ExecuteTemplate(&text, name, data); err != nil {
			return err
		}
		if strings.Contains(text.String(), "<no value>") {
			return fmt.Errorf("%s: a value that is not there", name)
		}
		if name == "NOTES.txt" {
			fmt.Fprint(os.Stderr, text.String())
			continue
		}
		if strings.TrimSpace(text.String()) != "" {
			fmt.Printf("---\n%s\n", text.String())
		}
	}
	return nil
}

func read(file string, into interface{}) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return yaml.Unmarshal(text, into)
}

// Maps are laid over each other, everything else is replaced, as Helm does with -f.
func merge(base, over map[string]interface{}) {
	for key, value := range over {
		below, isMap := base[key].(map[string]interface{})
		above, isMapToo := value.(map[string]interface{})
		if isMap && isMapToo {
			merge(below, above)
			continue
		}
		base[key] = value
	}
}

func validate(schema string, values map[string]interface{}) error {
	text, err := os.ReadFile(schema)
	if err != nil {
		return err
	}
	result, err := gojsonschema.Validate(gojsonschema.NewBytesLoader(text), gojsonschema.NewGoLoader(values))
	if err != nil {
		return err
	}
	for _, problem := range result.Errors() {
		return fmt.Errorf("values: %s", problem)
	}
	return nil
}
