"""Assessment (152/2022, 2.1.c to 2.1.e): self-assessment, factual assessment, determination, competence, mentoring."""
