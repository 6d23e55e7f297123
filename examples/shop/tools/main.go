package main

import (
	"log"
	"os"
	"os/exec"
)

func main() {
	log.SetOutput(os.Stdout)
	history, err := exec.Command("git", "log", "--oneline").Output()
	log.Print(string(history), err)
}
