package main

import (
	"html/template"
	"log"
	"net/http"
	"os"
)

func main() {
	page := template.Must(template.ParseFiles("templates/index.html"))
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		page.Execute(w, os.Getenv("SHOP_NAME"))
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
