export interface Rows<Row> {
  rows: Row[];
}
