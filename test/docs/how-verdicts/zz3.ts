import { readingsPicture } from './pictures/readings.js';
console.log(readingsPicture().caption.slice(70));
